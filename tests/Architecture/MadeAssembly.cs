using System.Reflection;
using System.Reflection.Emit;

namespace Masumi.Architecture.Tests;

/// <summary>An assembly that exists only in a test.</summary>
internal sealed class MadeAssembly
{
    private readonly PersistedAssemblyBuilder _assembly;
    private readonly ModuleBuilder _module;
    private readonly List<TypeBuilder> _types = [];

    public MadeAssembly(string project)
    {
        Project = project;
        _assembly = new PersistedAssemblyBuilder(new AssemblyName($"Masumi.{project}"), typeof(object).Assembly);
        _module = _assembly.DefineDynamicModule("main");
    }

    public string Project { get; }

    public TypeBuilder Type(string name) => Define(name, TypeAttributes.Public);

    public TypeBuilder StaticType(string name) => Define(name, TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);

    public void Field(TypeBuilder type, Type of) => type.DefineField($"_{of.Name}", of, FieldAttributes.Private);

    public MethodInfo Method(TypeBuilder type, Action<ILGenerator> fill)
    {
        var method = type.DefineMethod("Do", MethodAttributes.Public | MethodAttributes.Static, typeof(void), []);
        var code = method.GetILGenerator();
        fill(code);
        code.Emit(OpCodes.Ret);
        return method;
    }

    public byte[] Image()
    {
        foreach (var type in _types)
        {
            type.CreateType();
        }
        using var image = new MemoryStream();
        _assembly.Save(image);
        return image.ToArray();
    }

    private TypeBuilder Define(string name, TypeAttributes attributes)
    {
        var type = _module.DefineType(name, attributes);
        _types.Add(type);
        return type;
    }
}
