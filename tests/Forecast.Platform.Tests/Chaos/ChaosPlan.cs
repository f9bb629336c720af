namespace Forecast.Platform.Tests.Chaos;

/// <summary>What is done to whom.</summary>
public enum Blow
{
    /// <summary>A worker is killed, whatever it does.</summary>
    KillWorker,

    /// <summary>A worker is killed between its commit and its acknowledgement.</summary>
    KillWorkerBeforeAck,

    KillBroker,

    /// <summary>The broker is killed after a commit and before the acknowledgement reaches it.</summary>
    KillBrokerBeforeAck,

    KillPostgres,

    /// <summary>Postgres is killed after a commit and before the acknowledgement.</summary>
    KillPostgresBeforeAck,

    KillServer,

    /// <summary>A worker stands still until the broker has given its item to another, and is then woken.</summary>
    Freeze,
}

/// <summary>A back-test and what happens meanwhile.</summary>
/// <param name="Request">Body of <c>POST /v1/backtests</c>.</param>
/// <param name="Items">Work items that it has.</param>
/// <param name="Workers">Worker processes.</param>
/// <param name="Blows">What is done, in a random order of the seed.</param>
/// <param name="Seed">Order of the blows, choice of the victims, how long a server stays down.</param>
/// <param name="LongestDown">How long a killed broker or Postgres stays down at most.</param>
/// <param name="Within">How long the whole may take.</param>
public sealed record ChaosPlan(string Request, int Items, int Workers, IReadOnlyList<(Blow Blow, int Times)> Blows, int Seed, TimeSpan LongestDown, TimeSpan Within)
{
    private const string Data = """{"data":"ecb_reference_rates:eur_usd","returns":"log","models":["naive","garch(1,1)-t"],"horizon":1,"refit":"every:1","levels":[0.01,0.05,0.5,0.95],"seed":11,""";

    /// <summary>A hundred items and each server killed twice.</summary>
    public static ChaosPlan Short { get; } = new(
        Data + """ "from":"2018-10-19","to":"2018-12-31"}""",
        100,
        Workers: 3,
        [(Blow.KillWorker, 1), (Blow.KillWorkerBeforeAck, 1), (Blow.KillBroker, 1), (Blow.KillBrokerBeforeAck, 1), (Blow.KillPostgres, 2), (Blow.Freeze, 1)],
        Seed: 5,
        TimeSpan.FromSeconds(0.5),
        TimeSpan.FromMinutes(4));

    /// <summary>Two thousand items, each server killed a dozen times.</summary>
    public static ChaosPlan Long(int seed) => new(
        Data + """ "from":"2015-02-04","to":"2018-12-31"}""",
        2000,
        Workers: 3,
        [
            (Blow.KillWorker, 8), (Blow.KillWorkerBeforeAck, 6), (Blow.KillBroker, 6), (Blow.KillBrokerBeforeAck, 6),
            (Blow.KillPostgres, 8), (Blow.KillPostgresBeforeAck, 4), (Blow.KillServer, 3), (Blow.Freeze, 2),
        ],
        seed,
        TimeSpan.FromSeconds(3),
        TimeSpan.FromMinutes(30));

    /// <summary>How often the blows of some kinds fall.</summary>
    public int Count(params ReadOnlySpan<Blow> kinds)
    {
        var count = 0;
        foreach (var (blow, times) in Blows)
        {
            if (kinds.Contains(blow)) count += times;
        }

        return count;
    }
}
