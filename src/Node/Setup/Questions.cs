namespace Masumi.Node.Setup;

/// <summary>Nobody answers any more.</summary>
internal sealed class UnansweredException(string question) : Exception($"no answer to '{question}'");

/// <summary>Asks a person, or a script that stands for one, line by line. What cannot be used is said, and asked again.</summary>
/// <param name="input">Where answers come from.</param>
/// <param name="output">Where questions go.</param>
/// <param name="readHidden">Reads an answer without showing it; null: as any other.</param>
internal sealed class Questions(TextReader input, TextWriter output, Func<string?>? readHidden = null)
{
    /// <summary>Says something.</summary>
    public void Say(string text = "") => output.WriteLine(text);

    /// <summary>Asks until the answer can be used; an empty one is the default, when there is one.</summary>
    /// <param name="question">The question.</param>
    /// <param name="otherwise">The default.</param>
    /// <param name="read">The answer as a value; throws <see cref="FormatException"/> with what is wrong with it.</param>
    /// <param name="cancellation">Ends asking.</param>
    public async Task<T> AskAsync<T>(string question, string? otherwise, Func<string, T> read, CancellationToken cancellation) =>
        await AskAsync(question, otherwise, text => Task.FromResult(read(text)), hidden: false, cancellation);

    /// <summary>As above, for what must be tried before it is known to be right, or must not be shown.</summary>
    public async Task<T> AskAsync<T>(string question, string? otherwise, Func<string, Task<T>> read, bool hidden, CancellationToken cancellation)
    {
        while (true)
        {
            await output.WriteAsync($"{question}{(otherwise is { Length: > 0 } ? $" [{otherwise}]" : "")}: ");
            await output.FlushAsync(cancellation);
            var line = hidden && readHidden is not null ? await Task.Run(readHidden, cancellation).WaitAsync(cancellation) : await ReadAsync(cancellation);
            var answer = line?.Trim() ?? throw new UnansweredException(question);
            if (answer.Length == 0)
            {
                if (otherwise is null)
                {
                    Say("  an answer is needed");
                    continue;
                }

                answer = otherwise;
            }

            try
            {
                return await read(answer);
            }
            catch (FormatException e)
            {
                Say($"  {e.Message}");
            }
        }
    }

    /// <summary>One of a few words, by any beginning of it that is no other's.</summary>
    public Task<string> ChooseAsync(string question, string otherwise, IReadOnlyList<string> words, CancellationToken cancellation) =>
        AskAsync(
            $"{question} ({string.Join(", ", words)})",
            otherwise,
            answer =>
                words.Where(w => w.StartsWith(answer, StringComparison.OrdinalIgnoreCase)).ToList() is [var only]
                    ? only
                    : throw new FormatException($"one of {string.Join(", ", words)} is needed"),
            cancellation
        );

    private Task<string?> ReadAsync(CancellationToken cancellation) => Task.Run(input.ReadLine, cancellation).WaitAsync(cancellation);
}
