namespace Masumi.Devnet.Views;

/// <summary>A part of a key's view, with what it counts.</summary>
internal sealed class ViewLayer(ViewSpec spec, string name)
{
    private long _calls;
    private int _refused;

    public ViewSpec Spec => spec;

    /// <summary>Counts a call, and says whether it is one of its share.</summary>
    public bool FallsOnNextCall(long seed)
    {
        var call = Interlocked.Increment(ref _calls);
        return spec.Share == 100 || Draw(seed, name, call) % 100 < (ulong)spec.Share;
    }

    /// <summary>Whether this submission is refused; so many are as the spec says.</summary>
    public bool RefusesNextSubmission() => spec.Refuses is { } times && (times == int.MaxValue || Interlocked.Increment(ref _refused) <= times);

    // The same for every process and platform, and no call shifts what another draws.
    private static ulong Draw(long seed, string name, long call)
    {
        const ulong Prime = 1_099_511_628_211;
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var c in name)
        {
            hash = (hash ^ c) * Prime;
        }

        return Mix(Mix(hash + (ulong)seed) + (ulong)call);
    }

    // The finaliser of SplitMix64.
    private static ulong Mix(ulong z)
    {
        z += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
