using Forecast.PeerBenchmarks;

// Usage: Forecast.PeerBenchmarks DATASETS M3_SAMPLE [--repeats N] [--wall] [--ours-only] [WORD ...]; see run.sh.
var (repeats, wall, oursOnly) = (5, false, false);
var words = new List<string>();
for (var i = 2; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--repeats": repeats = int.Parse(args[++i]); break;
        case "--wall": wall = true; break;
        case "--ours-only": oursOnly = true; break;
        default: words.Add(args[i]); break;
    }
}

if (args.Length < 2 || repeats < 1)
{
    Console.Error.WriteLine("usage: run.sh [--repeats N] [--wall] [--ours-only] [WORD ...]");
    return 2;
}

var data = new Series(args[0], args[1]);
var rows = Array.FindAll(Rows.All(data), r => words.Count == 0 || words.Exists(w => r.Name.Contains(w, StringComparison.OrdinalIgnoreCase)));
var folder = Directory.CreateTempSubdirectory("forecast-peers-").FullName;
var peers = new Dictionary<PeerKind, Peer>();
try
{
    data.Write(folder);
    Console.WriteLine($"{Environment.ProcessorCount} cores, {(wall ? "wall" : "processor")} time, medians of up to {repeats} blocks in turn (least..most; a slow peer gets fewer), milliseconds a fit\n");
    Console.WriteLine("| task | peer | peer ms | ours ms | times faster | target | kB a fit | what was found | |\n|---|---|---|---|---|---|---|---|---|");
    var good = true;
    foreach (var row in rows) good &= oursOnly ? Measurement.Alone(row, repeats, wall) : Measurement.Together(row, PeerOf(row.Kind), repeats, wall);
    foreach (var note in rows.Select(r => r.Note).Where(n => n.Length > 0).Distinct(StringComparer.Ordinal)) Console.WriteLine($"\n\"fGarch's garch\": {note}.");
    if (words.Count == 0 || words.Contains("threads")) good &= Measurement.Threads(data, repeats);
    if (words.Count == 0 || words.Contains("panel")) good &= Scaling.Run();
    foreach (var peer in peers.Values) Console.WriteLine($"\n{peer.Version}");
    return good ? 0 : 1;
}
finally
{
    foreach (var peer in peers.Values) peer.Dispose();
    Directory.Delete(folder, recursive: true);
}

Peer PeerOf(PeerKind kind)
{
    if (!peers.TryGetValue(kind, out var peer))
        peers[kind] = peer = kind == PeerKind.R ? new Peer("Rscript", "peer.R", folder, wall) : new Peer("/usr/bin/python3", "peer.py", folder, wall);
    return peer;
}
