using System.Text.Json;

namespace Masumi.Protocol.Tests;

public sealed class WordTests
{
    [Fact]
    public void The_lists_are_those_of_the_apis()
    {
        Assert.Equal(["Preprod", "Mainnet"], Word.All<Network>());
        Assert.Equal(["Web3CardanoV1", "Web3CardanoV2"], Word.All<PaymentSourceType>());
        Assert.Equal(["Fixed", "Dynamic", "Free"], Word.All<PricingType>());
        Assert.Equal(["NetworkError", "InsufficientFunds", "Unknown"], Word.All<ErrorType>());
        Assert.Equal(["Online", "Offline", "Deregistered", "Invalid"], Word.All<AgentStatus>());
        Assert.Equal(["awaiting_payment", "awaiting_input", "running", "completed", "failed"], Word.All<JobStatus>());
        Assert.Equal(
            [
                "FundsLocked",
                "FundsOrDatumInvalid",
                "ResultSubmitted",
                "RefundRequested",
                "Disputed",
                "WithdrawAuthorized",
                "RefundAuthorized",
                "Withdrawn",
                "RefundWithdrawn",
                "DisputedWithdrawn",
            ],
            Word.All<OnChainState>()
        );
        Assert.Equal(20, Word.All<RequestedAction>().Length);
        Assert.Equal(12, Word.All<RegistrationState>().Length);
    }

    [Fact]
    public void A_known_word_comes_back_as_it_was()
    {
        Holds<Network>();
        Holds<PaymentSourceType>();
        Holds<PricingType>();
        Holds<OnChainState>();
        Holds<RequestedAction>();
        Holds<ErrorType>();
        Holds<RegistrationState>();
        Holds<AgentStatus>();
        Holds<JobStatus>();

        static void Holds<T>()
            where T : struct, Enum
        {
            foreach (var word in Enum.GetValues<T>())
            {
                var text = Word.Text(word);
                Assert.Equal(word, Word.Parse<T>(text));
                Assert.Equal(new Word<T>(word), Word.Read<T>(text));
                Assert.Equal($"\"{text}\"", JsonSerializer.Serialize(word));
                Assert.Equal(word, JsonSerializer.Deserialize<T>($"\"{text}\""));
            }
        }
    }

    [Theory]
    [InlineData("preprod")]
    [InlineData("Preview")]
    [InlineData("0")]
    [InlineData("Preprod, Mainnet")]
    [InlineData("")]
    [InlineData(null)]
    public void Anything_else_is_refused_with_the_known_words(string? text)
    {
        Assert.False(Word.TryParse<Network>(text, out _));
        var refusal = Assert.Throws<FormatException>(() => Word.Parse<Network>(text));
        Assert.Equal($"Not a word for network: {(text is null ? "nothing" : $"'{text}'")}. Allowed: Preprod, Mainnet.", refusal.Message);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Network>(JsonSerializer.Serialize(text)));
    }

    [Fact]
    public void A_number_is_no_word_in_either_direction()
    {
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Network>("1"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Word.Text((Network)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Word<Network>((Network)7));
    }

    [Fact]
    public void An_unknown_word_of_a_foreign_answer_keeps_its_text()
    {
        var word = Word.Read<ErrorType>("PolicyDenied");
        Assert.Equal(("PolicyDenied", (ErrorType?)null), (word?.Text, word?.Known));
        Assert.Equal("PolicyDenied", word.ToString());
        Assert.Null(Word.Read<ErrorType>(null));
        Assert.Equal("", default(Word<ErrorType>).Text);
        Assert.Null(default(Word<ErrorType>).Known);
    }
}
