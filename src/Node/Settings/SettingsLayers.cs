using System.Collections.Immutable;

namespace Masumi.Node.Settings;

/// <summary>Where a setting stands; what is later stands over what is earlier.</summary>
internal enum SettingsPlace
{
    /// <summary>In the file.</summary>
    File,

    /// <summary>In the environment.</summary>
    Environment,

    /// <summary>On the command line.</summary>
    CommandLine,
}

/// <summary>One text and where it stands.</summary>
/// <param name="Key">Its path with a colon between any two names, such as <c>sources:0:contract</c>.</param>
/// <param name="Value">The text.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Name">What it is called there.</param>
internal sealed record PlacedSetting(string Key, string? Value, SettingsPlace Place, string Name);

/// <summary>
/// Settings of several places, one over the other. A text takes the place of whatever stands below it under its name, be that a text, a list or an object;
/// an item of a list, or a member of an object, takes the place of that item or member only.
/// </summary>
internal sealed class SettingsLayers
{
    private readonly Dictionary<string, PlacedSetting> _settings = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is left when each stands over those below it.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Values => _settings.Select(s => KeyValuePair.Create(s.Key, s.Value.Value));

    /// <summary>Lays the settings of one place over those that are there. Those that contradict another of the same place are not taken.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="refuse">Told of each that is not taken, and why.</param>
    public void Lay(IEnumerable<PlacedSetting> settings, Action<PlacedSetting, string> refuse)
    {
        var layer = new Dictionary<string, PlacedSetting>(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in settings)
        {
            if (setting.Key.Split(':').Any(string.IsNullOrWhiteSpace))
            {
                refuse(setting, "names no setting; a path such as chain.url is needed");
            }
            else if (!layer.TryAdd(setting.Key, setting))
            {
                var first = layer[setting.Key];
                refuse(
                    setting,
                    first.Name == setting.Name || setting.Place != SettingsPlace.Environment ? "is there twice" : $"is there twice, as {Named(first)} too"
                );
            }
        }

        // Nothing is a text and a list at once; what is empty says nothing against items.
        foreach (var setting in layer.Values.ToList())
        {
            if (Above(setting.Key).Select(layer.GetValueOrDefault).FirstOrDefault(a => a?.Value is { Length: > 0 }) is { } text)
            {
                refuse(setting, $"is there, and {Named(text)} too; one of them is needed");
                layer.Remove(setting.Key);
            }
        }

        Clear(layer);
        foreach (var setting in layer.Values)
        {
            _settings[setting.Key] = setting;
        }
    }

    /// <summary>What stands under a path, or the nearest above it: that is where the path's value comes from.</summary>
    public PlacedSetting? Find(string key) => Above(key).Prepend(key).Select(_settings.GetValueOrDefault).FirstOrDefault(s => s is not null);

    private void Clear(Dictionary<string, PlacedSetting> layer)
    {
        foreach (var below in _settings.Keys.Where(k => Above(k).Any(layer.ContainsKey)).Concat(layer.Keys.SelectMany(Above)).ToImmutableArray())
        {
            _settings.Remove(below);
        }
    }

    private static string Named(PlacedSetting setting) => SettingsReader.Quoted(setting.Name);

    private static IEnumerable<string> Above(string key)
    {
        for (var end = key.LastIndexOf(':'); end > 0; end = key.LastIndexOf(':', end - 1))
        {
            yield return key[..end];
        }
    }
}
