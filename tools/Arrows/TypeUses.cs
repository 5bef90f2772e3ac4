using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Masumi.Arrows;

/// <summary>Reads which types a type uses: bases, fields, signatures, constraints, attributes, locals, caught exceptions and every instruction.</summary>
internal sealed class TypeUses : ISignatureTypeProvider<ImmutableArray<TypeName>, object?>
{
    private static readonly Dictionary<int, OperandType> Operands = typeof(OpCodes)
        .GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value & 0xffff, code => code.OperandType);

    private readonly AssemblyImage _image;
    private readonly MetadataReader _reader;

    private TypeUses(AssemblyImage image)
    {
        _image = image;
        _reader = image.Reader;
    }

    /// <summary>Every use by every type of the assembly, as often as it occurs; nested types count as the outermost one.</summary>
    public static IEnumerable<(TypeName User, TypeName Used)> In(AssemblyImage image)
    {
        var uses = new TypeUses(image);
        return image.Reader.TypeDefinitions.SelectMany(handle => uses.Of(handle).Select(used => (image.NameOf(handle), used)));
    }

    private IEnumerable<TypeName> Of(TypeDefinitionHandle handle)
    {
        var type = _reader.GetTypeDefinition(handle);
        return Entity(type.BaseType)
            .Concat(type.GetInterfaceImplementations().SelectMany(each => Entity(_reader.GetInterfaceImplementation(each).Interface)))
            .Concat(Constraints(type.GetGenericParameters()))
            .Concat(Attributes(type.GetCustomAttributes()))
            .Concat(
                type.GetFields()
                    .Select(_reader.GetFieldDefinition)
                    .SelectMany(field => field.DecodeSignature(this, null).Concat(Attributes(field.GetCustomAttributes())))
            )
            .Concat(type.GetProperties().SelectMany(each => Attributes(_reader.GetPropertyDefinition(each).GetCustomAttributes())))
            .Concat(type.GetMethods().Select(_reader.GetMethodDefinition).SelectMany(Method));
    }

    private IEnumerable<TypeName> Method(MethodDefinition method)
    {
        var declared = Signature(method.DecodeSignature(this, null))
            .Concat(Constraints(method.GetGenericParameters()))
            .Concat(Attributes(method.GetCustomAttributes()))
            .Concat(method.GetParameters().SelectMany(each => Attributes(_reader.GetParameter(each).GetCustomAttributes())));
        return method.RelativeVirtualAddress == 0 ? declared : declared.Concat(Body(_image.File.GetMethodBody(method.RelativeVirtualAddress)));
    }

    private IEnumerable<TypeName> Body(MethodBodyBlock body)
    {
        var locals = body.LocalSignature.IsNil
            ? []
            : _reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(this, null).SelectMany(each => each);
        var caught = body.ExceptionRegions.Where(region => region.Kind == ExceptionRegionKind.Catch).SelectMany(region => Entity(region.CatchType));
        return locals.Concat(caught).Concat(Tokens(body).SelectMany(Entity));
    }

    // Instructions name types by tokens; everything else in them is skipped by its length.
    private static List<EntityHandle> Tokens(MethodBodyBlock body)
    {
        var tokens = new List<EntityHandle>();
        var code = body.GetILReader();
        while (code.RemainingBytes > 0)
        {
            int value = code.ReadByte();
            if (value == 0xfe)
            {
                value = 0xfe00 | code.ReadByte();
            }
            switch (Operands[value])
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType or OperandType.InlineSig:
                    tokens.Add((EntityHandle)MetadataTokens.Handle(code.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    var targets = code.ReadInt32();
                    code.Offset += 4 * targets;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    code.Offset += 8;
                    break;
                case OperandType.InlineBrTarget or OperandType.InlineI or OperandType.InlineString or OperandType.ShortInlineR:
                    code.Offset += 4;
                    break;
                case OperandType.InlineVar:
                    code.Offset += 2;
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    code.Offset += 1;
                    break;
                default:
                    break;
            }
        }
        return tokens;
    }

    private IEnumerable<TypeName> Entity(EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return [];
        }
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                return [_image.NameOf((TypeDefinitionHandle)handle)];
            case HandleKind.TypeReference:
                return [_image.NameOf((TypeReferenceHandle)handle)];
            case HandleKind.TypeSpecification:
                return _reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null);
            case HandleKind.FieldDefinition:
                var field = _reader.GetFieldDefinition((FieldDefinitionHandle)handle);
                return Entity(field.GetDeclaringType()).Concat(field.DecodeSignature(this, null));
            case HandleKind.MethodDefinition:
                var method = _reader.GetMethodDefinition((MethodDefinitionHandle)handle);
                return Entity(method.GetDeclaringType()).Concat(Signature(method.DecodeSignature(this, null)));
            case HandleKind.MethodSpecification:
                var generic = _reader.GetMethodSpecification((MethodSpecificationHandle)handle);
                return Entity(generic.Method).Concat(generic.DecodeSignature(this, null).SelectMany(each => each));
            case HandleKind.MemberReference:
                var member = _reader.GetMemberReference((MemberReferenceHandle)handle);
                var types =
                    member.GetKind() == MemberReferenceKind.Field
                        ? member.DecodeFieldSignature(this, null)
                        : Signature(member.DecodeMethodSignature(this, null));
                return Entity(member.Parent).Concat(types);
            case HandleKind.StandaloneSignature:
                return Signature(_reader.GetStandaloneSignature((StandaloneSignatureHandle)handle).DecodeMethodSignature(this, null));
            default:
                throw new InvalidDataException($"An instruction names a {handle.Kind}.");
        }
    }

    private static IEnumerable<TypeName> Signature(MethodSignature<ImmutableArray<TypeName>> signature) =>
        signature.ReturnType.Concat(signature.ParameterTypes.SelectMany(each => each));

    private IEnumerable<TypeName> Constraints(GenericParameterHandleCollection parameters) =>
        parameters
            .SelectMany(each => _reader.GetGenericParameter(each).GetConstraints())
            .SelectMany(each => Entity(_reader.GetGenericParameterConstraint(each).Type));

    private IEnumerable<TypeName> Attributes(CustomAttributeHandleCollection attributes) =>
        attributes.SelectMany(each => Entity(_reader.GetCustomAttribute(each).Constructor));

    // A signature is decoded into the types that occur in it.
    ImmutableArray<TypeName> ISimpleTypeProvider<ImmutableArray<TypeName>>.GetPrimitiveType(PrimitiveTypeCode typeCode) => [];

    ImmutableArray<TypeName> ISimpleTypeProvider<ImmutableArray<TypeName>>.GetTypeFromDefinition(
        MetadataReader reader,
        TypeDefinitionHandle handle,
        byte rawTypeKind
    ) => [_image.NameOf(handle)];

    ImmutableArray<TypeName> ISimpleTypeProvider<ImmutableArray<TypeName>>.GetTypeFromReference(
        MetadataReader reader,
        TypeReferenceHandle handle,
        byte rawTypeKind
    ) => [_image.NameOf(handle)];

    ImmutableArray<TypeName> ISignatureTypeProvider<ImmutableArray<TypeName>, object?>.GetTypeFromSpecification(
        MetadataReader reader,
        object? genericContext,
        TypeSpecificationHandle handle,
        byte rawTypeKind
    ) => [.. Entity(handle)];

    ImmutableArray<TypeName> ISZArrayTypeProvider<ImmutableArray<TypeName>>.GetSZArrayType(ImmutableArray<TypeName> elementType) => elementType;

    ImmutableArray<TypeName> IConstructedTypeProvider<ImmutableArray<TypeName>>.GetArrayType(ImmutableArray<TypeName> elementType, ArrayShape shape) =>
        elementType;

    ImmutableArray<TypeName> IConstructedTypeProvider<ImmutableArray<TypeName>>.GetByReferenceType(ImmutableArray<TypeName> elementType) => elementType;

    ImmutableArray<TypeName> IConstructedTypeProvider<ImmutableArray<TypeName>>.GetPointerType(ImmutableArray<TypeName> elementType) => elementType;

    ImmutableArray<TypeName> IConstructedTypeProvider<ImmutableArray<TypeName>>.GetGenericInstantiation(
        ImmutableArray<TypeName> genericType,
        ImmutableArray<ImmutableArray<TypeName>> typeArguments
    ) => [.. genericType, .. typeArguments.SelectMany(each => each)];

    ImmutableArray<TypeName> ISignatureTypeProvider<ImmutableArray<TypeName>, object?>.GetFunctionPointerType(
        MethodSignature<ImmutableArray<TypeName>> signature
    ) => [.. Signature(signature)];

    ImmutableArray<TypeName> ISignatureTypeProvider<ImmutableArray<TypeName>, object?>.GetGenericMethodParameter(object? genericContext, int index) => [];

    ImmutableArray<TypeName> ISignatureTypeProvider<ImmutableArray<TypeName>, object?>.GetGenericTypeParameter(object? genericContext, int index) => [];

    ImmutableArray<TypeName> ISignatureTypeProvider<ImmutableArray<TypeName>, object?>.GetModifiedType(
        ImmutableArray<TypeName> modifier,
        ImmutableArray<TypeName> unmodifiedType,
        bool isRequired
    ) => [.. modifier, .. unmodifiedType];

    ImmutableArray<TypeName> ISignatureTypeProvider<ImmutableArray<TypeName>, object?>.GetPinnedType(ImmutableArray<TypeName> elementType) => elementType;
}
