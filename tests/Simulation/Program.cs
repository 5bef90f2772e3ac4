using Masumi.Simulation;

// What only the makers run: the real engine against everything that may happen to it. './masumi simulate' hands over to it.
const int Unusable = 2;

var root = SimulateCommand.Create();
var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    await Console.Error.WriteLineAsync($"masumi: {string.Join(' ', parsed.Errors.Select(e => e.Message.ReplaceLineEndings(" ")))}");
    return Unusable;
}

return await parsed.InvokeAsync();
