using Masumi.Protocol.Wire;

namespace Masumi.Protocol.PaymentService.Registry;

/// <summary>
/// What an agent says of its identity, for others to check: a credential in KERI's form. It is stored and written on chain as it came; nobody here checks it.
/// </summary>
public sealed record AgentVerification(
    string Method,
    string? SchemaVersion,
    VerificationParty Issuer,
    VerificationDocument Schema,
    VerificationCredential Credential,
    VerificationParty Holder,
    string? BaseUrl
)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<AgentVerification> Shape { get; } =
        Shapes.Record<AgentVerification>(s =>
            new(
                s.Required("method", Shapes.Text(1, 40), r => r.Method, "The kind of proof: KERI-ACDC"),
                s.Optional("schemaVersion", Shapes.Text(0, 16), r => r.SchemaVersion, "Of this object"),
                s.Required("issuer", VerificationParty.Shape, r => r.Issuer, "Who vouches"),
                s.Required("schema", VerificationDocument.Shape, r => r.Schema, "What the credential is made of"),
                s.Required("credential", VerificationCredential.Shape, r => r.Credential, "The credential"),
                s.Required("holder", VerificationParty.Shape, r => r.Holder, "Whom it is about"),
                s.Optional("baseUrl", VerificationParty.Link, r => r.BaseUrl, "Where the keys and the status of today are asked")
            )
        );
}

/// <summary>Somebody with an identifier in KERI.</summary>
public sealed record VerificationParty(string Aid, string Oobi)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<VerificationParty> Shape { get; } =
        Shapes.Record<VerificationParty>(s =>
            new(s.Required("aid", Id, r => r.Aid, "Autonomic identifier"), s.Required("oobi", Link, r => r.Oobi, "Where the history of its keys is"))
        );

    internal static Shape<string> Id => Shapes.Text(1, 128);

    internal static Shape<string> Link => Shapes.Url(500);
}

/// <summary>A document that is known by its hash.</summary>
public sealed record VerificationDocument(string Said, string Oobi)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<VerificationDocument> Shape { get; } =
        Shapes.Record<VerificationDocument>(s =>
            new(
                s.Required("said", VerificationParty.Id, r => r.Said, "Its hash, which is its name"),
                s.Required("oobi", VerificationParty.Link, r => r.Oobi, "Where it is")
            )
        );
}

/// <summary>A credential.</summary>
public sealed record VerificationCredential(string Said, string Oobi, string? Registry)
{
    /// <summary>As on the wire.</summary>
    public static RecordShape<VerificationCredential> Shape { get; } =
        Shapes.Record<VerificationCredential>(s =>
            new(
                s.Required("said", VerificationParty.Id, r => r.Said, "Its hash, which is its name"),
                s.Required("oobi", VerificationParty.Link, r => r.Oobi, "Where it is, signed"),
                s.Optional("registry", VerificationParty.Id, r => r.Registry, "Where it would be revoked")
            )
        );
}
