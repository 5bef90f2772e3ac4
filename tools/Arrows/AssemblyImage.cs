using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Masumi.Arrows;

/// <summary>The outermost type that a piece of metadata speaks of.</summary>
/// <param name="Assembly">The assembly's simple name.</param>
/// <param name="Namespace">The namespace; empty for none.</param>
/// <param name="Name">The name in metadata.</param>
public readonly record struct TypeName(string Assembly, string Namespace, string Name);

/// <summary>A compiled assembly, and its symbols where it has them.</summary>
public sealed class AssemblyImage : IDisposable
{
    // https://github.com/dotnet/runtime/blob/main/docs/design/specs/PortablePdb-Metadata.md, "Type Definition Documents".
    private static readonly Guid TypeDefinitionDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    private readonly MetadataReaderProvider? _symbols;
    private readonly string? _projectWithoutSymbols;

    private AssemblyImage(PEReader file, MetadataReaderProvider? symbols, string? projectWithoutSymbols)
    {
        File = file;
        Reader = file.GetMetadataReader();
        Name = Reader.GetString(Reader.GetAssemblyDefinition().Name);
        _symbols = symbols;
        _projectWithoutSymbols = projectWithoutSymbols;
    }

    /// <summary>The assembly's simple name.</summary>
    public string Name { get; }

    internal PEReader File { get; }

    internal MetadataReader Reader { get; }

    /// <summary>Opens an assembly that was built here.</summary>
    /// <param name="path">The file; its symbols are inside it or beside it.</param>
    /// <exception cref="InvalidDataException">There are no symbols, so no folders.</exception>
    public static AssemblyImage Open(string path)
    {
        var file = new PEReader(System.IO.File.OpenRead(path));
        if (
            !file.TryOpenAssociatedPortablePdb(path, name => System.IO.File.Exists(name) ? System.IO.File.OpenRead(name) : null, out var symbols, out _)
            || symbols is null
        )
        {
            file.Dispose();
            throw new InvalidDataException($"{path} has no symbols: where its types are written cannot be told.");
        }
        return new AssemblyImage(file, symbols, null);
    }

    /// <summary>Takes an assembly without symbols as if it were a project's: what comes after the project's name in a namespace is the folder.</summary>
    /// <param name="project">The project's folder below <c>src</c>.</param>
    /// <param name="bytes">The assembly.</param>
    public static AssemblyImage Pretend(string project, byte[] bytes) => new(new PEReader([.. bytes]), null, project);

    /// <inheritdoc />
    public void Dispose()
    {
        _symbols?.Dispose();
        File.Dispose();
    }

    internal TypeName NameOf(TypeDefinitionHandle handle)
    {
        var type = Outermost(handle);
        return new TypeName(Name, Reader.GetString(type.Namespace), Reader.GetString(type.Name));
    }

    internal TypeName NameOf(TypeReferenceHandle handle)
    {
        var type = Reader.GetTypeReference(handle);
        while (type.ResolutionScope.Kind == HandleKind.TypeReference)
        {
            type = Reader.GetTypeReference((TypeReferenceHandle)type.ResolutionScope);
        }
        var assembly =
            type.ResolutionScope.Kind == HandleKind.AssemblyReference
                ? Reader.GetString(Reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name)
                : Name;
        return new TypeName(assembly, Reader.GetString(type.Namespace), Reader.GetString(type.Name));
    }

    /// <summary>Every outermost type that somebody wrote; what generators made is left out.</summary>
    internal IEnumerable<(TypeName Name, Place Place)> Places()
    {
        var seen = new HashSet<TypeName>();
        foreach (var handle in Reader.TypeDefinitions)
        {
            // A partial type is where its first written part is; a nested one may have the only method with symbols.
            var name = NameOf(handle);
            if (!seen.Contains(name) && Written(handle) is var (project, folder))
            {
                seen.Add(name);
                yield return (
                    name,
                    new Place(project, folder, name.Namespace, name.Name, Outermost(handle).Attributes.HasFlag(TypeAttributes.Abstract | TypeAttributes.Sealed))
                );
            }
        }
    }

    private TypeDefinition Outermost(TypeDefinitionHandle handle)
    {
        var type = Reader.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil)
        {
            type = Reader.GetTypeDefinition(type.GetDeclaringType());
        }
        return type;
    }

    private (string Project, string Folder)? Written(TypeDefinitionHandle handle)
    {
        if (_symbols is null)
        {
            var space = NameOf(handle).Namespace.Split('.');
            return space.Length < 2 ? null : (_projectWithoutSymbols!, string.Join('/', space.Skip(2)));
        }
        return Documents(handle, _symbols.GetMetadataReader()).Select(InSource).FirstOrDefault(place => place is not null);
    }

    private IEnumerable<string> Documents(TypeDefinitionHandle handle, MetadataReader symbols)
    {
        foreach (var method in Reader.GetTypeDefinition(handle).GetMethods())
        {
            var document = symbols.GetMethodDebugInformation(method).Document;
            if (!document.IsNil)
            {
                yield return symbols.GetString(symbols.GetDocument(document).Name);
            }
        }
        // A type without a method body (an interface, an enumeration) names its documents itself.
        foreach (var custom in symbols.GetCustomDebugInformation(handle).Select(symbols.GetCustomDebugInformation))
        {
            if (symbols.GetGuid(custom.Kind) == TypeDefinitionDocuments)
            {
                var blob = symbols.GetBlobReader(custom.Value);
                while (blob.RemainingBytes > 0)
                {
                    yield return symbols.GetString(
                        symbols.GetDocument(System.Reflection.Metadata.Ecma335.MetadataTokens.DocumentHandle(blob.ReadCompressedInteger())).Name
                    );
                }
            }
        }
    }

    // ".../src/Contracts/Escrow/V1/X.cs" is Contracts and Escrow/V1. Generated files lie in "obj", or have no folder at all. What several projects compile
    // into themselves ("src/Shared") is of none.
    private static (string Project, string Folder)? InSource(string document)
    {
        var parts = document.Replace('\\', '/').Split('/');
        var source = Array.LastIndexOf(parts, "src");
        return source < 0 || source + 2 >= parts.Length || parts.Contains("obj") || parts[source + 1] == "Shared"
            ? null
            : (parts[source + 1], string.Join('/', parts[(source + 2)..^1]));
    }
}
