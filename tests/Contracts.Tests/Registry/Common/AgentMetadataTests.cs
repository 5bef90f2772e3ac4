using Masumi.Cardano.Crypto;
using Masumi.Cardano.Metadata;
using Masumi.Cardano.Transactions;
using Masumi.Contracts.Common;
using Masumi.Contracts.Registry.Common;
using Masumi.Protocol;

namespace Masumi.Contracts.Tests.Registry.Common;

public sealed class AgentMetadataTests
{
    private static AuxiliaryData Mint(AssetId agent, AgentMetadata metadata) =>
        AuxiliaryData.FromMetadata([TransactionMetadata.Message(["RegisterAgent"]), AgentMetadataWriter.Envelope(agent.Policy, [(agent.Name, metadata)])]);

    public static TheoryData<int, int, int, string, string> Envelopes =>
        new()
        {
            {
                1,
                557,
                596,
                "2fd8b282f06a4ada9a3eaa0848f8f9d9d4ff6814f0184f432c2203b8692ae852",
                "972f418ff798fdb082916553fee9bf4a7937b9368fbf0782a94a40212453b74d"
            },
            {
                2,
                628,
                667,
                "2e0bed4a05872eb9bdf04e912bda85bf88b4adb2669a194a5cc479b59e6ee2cd",
                "3198ff6cc58c40ed9e3c08109da1a5e60f65040f29720db32f1ec09aa245d4d8"
            },
        };

    [Theory]
    [MemberData(nameof(Envelopes))]
    public void The_envelope_has_the_bytes_of_the_vectors(int version, int length, int whole, string hash, string hashMessageFirst)
    {
        var (agent, metadata) = version == 1 ? (Agents.V1Token, Agents.V1) : (Agents.V2Token, Agents.V2);
        var nfts = AgentMetadataWriter.Envelope(agent.Policy, [(agent.Name, metadata)]).Value.ToCbor();
        var message = TransactionMetadata.Message(["RegisterAgent"]).Value.ToCbor();
        Assert.Equal(length, nfts.Length);
        Assert.Equal("a1636d736782664d6173756d696d52656769737465724167656e74", Convert.ToHexStringLower(message));
        Assert.EndsWith("6776657273696f6e6131", Convert.ToHexStringLower(nfts), StringComparison.Ordinal);

        // The vectors' container: tag 259, key 0, two labels.
        byte[] nftsFirst = [.. Convert.FromHexString("d90103a100a21902d1"), .. nfts, .. Convert.FromHexString("1902a2"), .. message];
        byte[] messageFirst = [.. Convert.FromHexString("d90103a100a21902a2"), .. message, .. Convert.FromHexString("1902d1"), .. nfts];
        Assert.Equal(whole, nftsFirst.Length);
        Assert.Equal(hash, Blake2b.Hash256(nftsFirst).ToString());
        Assert.Equal(hashMessageFirst, Blake2b.Hash256(messageFirst).ToString());

        var reading = Assert.IsType<MetadataReading.Agent>(AgentMetadataReader.Read(AuxiliaryData.FromCbor(nftsFirst), agent));
        Same(metadata, reading.Metadata);
    }

    [Fact]
    public void Everything_optional_survives_writing_and_reading()
    {
        var full = Agents.V2 with
        {
            Name = new string('é', 100),
            Author = new AgentAuthor("Ada", "ada@example.org", "@ada", "Example"),
            Legal = new AgentLegal("https://example.org/privacy", "https://example.org/terms", "none"),
            ExampleOutputs = [new ExampleOutput("one", "text/plain", "https://example.org/" + new string('x', 100))],
            Tags = ["demo", "a😀b"],
            PaymentSources =
            [
                .. Agents.V2.PaymentSources!.Value,
                Agents.Evm,
                new PaymentSourceEntry.Cardano(Network.Preprod, PaymentSourceType.Web3CardanoV2, Agents.EscrowAddress, new AgentPricing.Dynamic()),
            ],
            Verifications = [Agents.Verification],
        };
        Assert.Empty(AgentMetadataWriter.Check(full));
        Same(full, Assert.IsType<MetadataReading.Agent>(AgentMetadataReader.Read(Mint(Agents.V2Token, full), Agents.V2Token)).Metadata);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("ééééééééééééééééééééééééééééééé")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567😀😀")]
    public void Texts_are_cut_at_60_bytes_and_never_inside_a_character(string text)
    {
        var list = Assert.IsType<Metadatum.List>(EntryText.ForcedList(text));
        Assert.All(list.Items, i => Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(((Metadatum.Text)i).Value), 1, 60));
        Assert.Equal(text, EntryText.Read(list));
        Assert.Equal(text, EntryText.Read(EntryText.BareIfShort(text)));
    }

    [Fact]
    public void The_escrow_address_is_cut_as_in_the_example()
    {
        Assert.Equal(["addr_test1wzs4e6wc95hkwezlccjw9mdvq0r0rsgx6zk34avptga3ftgn37", "w4g"], EntryText.Pieces(Agents.EscrowAddress));
    }

    public static TheoryData<string, Metadatum?, string> Malformed =>
        new()
        {
            { "name", null, "name" },
            { "name", new Metadatum.Text(""), "name" },
            { "name", new Metadatum.Int(1), "name" },
            { "author", null, "author.name" },
            { "tags", new Metadatum.List([]), "tags" },
            { "tags", new Metadatum.List([new Metadatum.List([new Metadatum.Text("a")])]), "tags" },
            { "image", null, "image" },
            { "metadata_version", new Metadatum.Text("3"), "metadata_version" },
            { "metadata_version", new Metadatum.Text("99999999999999999999"), "metadata_version" },
            { "capability", Metadatum.MapOf(("name", new Metadatum.Text("a")), ("version", EntryText.ForcedList(new string('1', 61)))), "capability" },
            { "example_output", new Metadatum.Text("none"), "example_output" },
            { "agentPricing", Metadatum.MapOf(("pricingType", new Metadatum.Text("Fixed"))), "agentPricing" },
            {
                "agentPricing",
                Metadatum.MapOf(
                    ("pricingType", new Metadatum.Text("Fixed")),
                    ("fixedPricing", new Metadatum.List([Metadatum.MapOf(("unit", new Metadatum.Text("")), ("amount", new Metadatum.Text("1")))]))
                ),
                "agentPricing.unit"
            },
            {
                "agentPricing",
                Metadatum.MapOf(
                    ("pricingType", new Metadatum.Text("Fixed")),
                    ("fixedPricing", new Metadatum.List([Metadatum.MapOf(("unit", new Metadatum.List([])), ("amount", new Metadatum.Text("1e9")))]))
                ),
                "agentPricing.amount"
            },
        };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_member_is_refused_by_name(string key, Metadatum? value, string path)
    {
        var entry = (Metadatum.Map)AgentMetadataWriter.Write(Agents.V1);
        var others = entry.Entries.Where(e => e.Key is Metadatum.Text text && text.Value != key);
        var broken = new Metadatum.Map(value is null ? [.. others] : [.. others, new(new Metadatum.Text(key), value)]);
        Assert.Equal(path, Assert.IsType<MetadataReading.Refused>(AgentMetadataReader.Read(broken)).Reason.Path);
    }

    [Fact]
    public void Old_entries_price_ada_as_lovelace_and_integers_are_read_as_amounts()
    {
        var entry = (Metadatum.Map)AgentMetadataWriter.Write(Agents.V1);
        var price = Metadatum.MapOf(
            ("pricingType", new Metadatum.Text("Fixed")),
            ("fixedPricing", new Metadatum.List([Metadatum.MapOf(("unit", EntryText.ForcedList("Lovelace")), ("amount", new Metadatum.Int(7)))]))
        );
        var old = new Metadatum.Map([
            .. entry.Entries.Where(e => e.Key is not Metadatum.Text { Value: "agentPricing" }),
            new(new Metadatum.Text("agentPricing"), price),
        ]);
        Assert.Equal(new AgentPricing.Fixed([new WrittenAmount("", 7)]), Assert.IsType<MetadataReading.Agent>(AgentMetadataReader.Read(old)).Metadata.Pricing);
    }

    [Fact]
    public void One_malformed_payment_source_hides_them_all_so_that_no_index_shifts()
    {
        var good = ((Metadatum.List)AgentMetadataWriter.Write(Agents.V2).Get("supported_payment_sources")!).Items[0];
        Assert.Single(PaymentSourceReader.Read(new Metadatum.List([good]))!.Value);
        foreach (
            var bad in (Metadatum[])
                [
                    new Metadatum.Text("x"),
                    Metadatum.MapOf(("chain", new Metadatum.Text("Cardano"))),
                    Price(new Metadatum.List([]), "1"),
                    Price(new Metadatum.Text(""), "0"),
                    Price(new Metadatum.Text(""), "-1"),
                    Price(new Metadatum.Text(""), "9223372036854775808"),
                ]
        )
        {
            Assert.Null(PaymentSourceReader.Read(new Metadatum.List([good, bad])));
        }

        static Metadatum Price(Metadatum asset, string amount) =>
            Metadatum.MapOf(
                ("chain", new Metadatum.Text("Cardano")),
                ("network", new Metadatum.Text("Preprod")),
                ("settlement", Metadatum.MapOf(("paymentSourceType", new Metadatum.Text("Web3CardanoV2")), ("address", new Metadatum.Text("addr_test1")))),
                (
                    "pricing",
                    Metadatum.MapOf(
                        ("pricingType", new Metadatum.Text("Fixed")),
                        ("fixed", new Metadatum.List([Metadatum.MapOf(("asset", asset), ("amount", new Metadatum.Text(amount)))]))
                    )
                )
            );
    }

    [Fact]
    public void The_price_without_index_is_the_first_cardano_sources_and_with_one_exactly_that_sources()
    {
        var dynamic = new AgentPricing.Dynamic();
        var agent = Agents.V2 with
        {
            Pricing = new AgentPricing.Free(),
            PaymentSources = [Agents.Evm, new PaymentSourceEntry.Cardano(Network.Preprod, PaymentSourceType.Web3CardanoV2, Agents.EscrowAddress, dynamic)],
        };
        Assert.Equal(dynamic, agent.CardanoPrice(null));
        Assert.Equal(dynamic, agent.CardanoPrice(1));
        Assert.Null(agent.CardanoPrice(0));
        Assert.Null(agent.CardanoPrice(2));
        Assert.Null(agent.CardanoPrice(-1));
        Assert.Equal(new AgentPricing.Free(), (agent with { PaymentSources = null }).CardanoPrice(null));
    }

    [Fact]
    public void What_no_reader_would_accept_is_refused_before_it_is_minted()
    {
        static IEnumerable<string> Paths(AgentMetadata metadata) => AgentMetadataWriter.Check(metadata).Select(r => r.Path);
        Assert.Empty(Paths(Agents.V1));
        Assert.Empty(Paths(Agents.V2));
        Assert.Contains("capability.version", Paths(Agents.V1 with { Capability = new AgentCapability("a", new string('1', 61)) }));
        Assert.Contains("tags", Paths(Agents.V1 with { Tags = [new string('é', 33)] }));
        Assert.Contains("tags", Paths(Agents.V1 with { Tags = [] }));
        Assert.Contains("verifications", Paths(Agents.V1 with { Verifications = [Agents.Verification] }));
        Assert.Contains("agentPricing", Paths(Agents.V2 with { Pricing = new AgentPricing.Free() }));
        Assert.Contains("supported_payment_sources", Paths(Agents.V2 with { PaymentSources = null }));
        Assert.Contains(
            "supported_payment_sources[1]",
            Paths(
                Agents.V2 with
                {
                    PaymentSources =
                    [
                        Agents.Evm,
                        Agents.Evm with
                        {
                            PayTo = Agents.Evm.PayTo.ToUpperInvariant().Replace("0X", "0x", StringComparison.Ordinal),
                        },
                    ],
                }
            )
        );
    }

    [Fact]
    public void Inboxes_and_foreign_tokens_are_told_apart_from_agents()
    {
        var inbox = Metadatum.MapOf(
            ("type", new Metadatum.Text("MasumiInboxV2")),
            ("name", new Metadatum.List([new Metadatum.Text("Support")])),
            ("description", new Metadatum.List([new Metadatum.Text("Help desk")])),
            ("agentslug", new Metadatum.List([new Metadatum.Text("support")])),
            ("metadata_version", new Metadatum.Text("1"))
        );
        Assert.Equal(
            new InboxMetadata("MasumiInboxV2", "Support", "Help desk", "support"),
            Assert.IsType<MetadataReading.Inbox>(AgentMetadataReader.Read(inbox)).Metadata
        );
        Assert.IsType<MetadataReading.Refused>(AgentMetadataReader.Read(new Metadatum.Text("spam")));
        Assert.IsType<MetadataReading.Refused>(AgentMetadataReader.Read(null, Agents.V1Token));
        Assert.IsType<MetadataReading.Refused>(AgentMetadataReader.Read(Mint(Agents.V1Token, Agents.V1), Agents.V2Token));
    }

    private static void Same(AgentMetadata expected, AgentMetadata actual)
    {
        // Arrays compare by reference in records, so they are compared on their own.
        Assert.Equal<ExampleOutput>(expected.ExampleOutputs, actual.ExampleOutputs);
        Assert.Equal<string>(expected.Tags, actual.Tags);
        Assert.Equal<PaymentSourceEntry>(expected.PaymentSources ?? [], actual.PaymentSources ?? []);
        Assert.Equal<AgentVerification>(expected.Verifications ?? [], actual.Verifications ?? []);
        Assert.Equal(
            expected with
            {
                ExampleOutputs = actual.ExampleOutputs,
                Tags = actual.Tags,
                PaymentSources = actual.PaymentSources,
                Verifications = actual.Verifications,
            },
            actual
        );
    }
}
