namespace Forecast.PeerBenchmarks;

internal enum PeerKind
{
    R,
    Python,
}

/// <summary>One line of the table.</summary>
/// <param name="Name">The task.</param>
/// <param name="PeerName">Who is compared with.</param>
/// <param name="Kind">Which process runs it.</param>
/// <param name="Key">Its name there.</param>
/// <param name="Target">How many times faster we mean to be; NaN when nothing is stated.</param>
/// <param name="Ours">Our side.</param>
/// <param name="Judge">Compares what was found, ours first: words, and whether ours is good enough.</param>
/// <param name="Note">What the target rests on when it is not the peer's own.</param>
internal sealed record Row(string Name, string PeerName, PeerKind Kind, string Key, double Target, Ours Ours, Func<Outcome, Outcome, (string Words, bool Good)> Judge, string Note = "");
