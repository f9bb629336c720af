using Forecast.Core.Forecasting;

namespace Forecast.Hosting.Forecasts;

/// <summary>
/// Predicts with networks for several requests in one pass. The first request goes at once; those that come while it is worked on wait and
/// go together as soon as it is done. Where a pass had company, the next one waits <see cref="Gathering"/> for those who were just answered
/// and ask again. A request alone waits for nobody.
/// </summary>
/// <param name="turns">Bounds how many passes compute beside other work; null = as many as there are networks.</param>
public sealed class JointPasses(ForecastTurns? turns = null)
{
    /// <summary>Members of one pass at most: bounds its memory, and how long a late one waits.</summary>
    public const int MostMembers = 256;

    /// <summary>How long a pass waits for company where the one before it had some.</summary>
    public static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<(object Weights, int Horizon), Queue<Waiting>> _queues = new(WeightsComparer.Instance);
    private long _passes;
    private long _members;

    /// <summary>Passes made, and members that went through them, since the start.</summary>
    public (long Passes, long Members) Count => (Interlocked.Read(ref _passes), Interlocked.Read(ref _members));

    /// <summary>The predictions of fits that stand on their histories, in order.</summary>
    /// <param name="fits">Any; those with the same weights go together.</param>
    /// <param name="horizon">Steps.</param>
    /// <param name="cancellation">Stops waiting; the pass goes on for the others.</param>
    /// <exception cref="Core.ForecastException">The horizon is at fault.</exception>
    public async Task<IReadOnlyList<PanelPrediction>> PredictAsync(IReadOnlyList<IJointPredictor> fits, int horizon, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(fits);
        var waiting = fits.Select(f => new Waiting(f, cancellation)).ToArray();
        foreach (var one in waiting) Add((one.Fit.Weights, horizon), one);
        return await Task.WhenAll(waiting.Select(w => w.Answer.Task)).WaitAsync(cancellation);
    }

    private void Add((object Weights, int Horizon) key, Waiting one)
    {
        lock (_gate)
        {
            if (_queues.TryGetValue(key, out var queue))
            {
                queue.Enqueue(one);
                return;
            }

            _queues[key] = new Queue<Waiting>([one]);
        }

        _ = Task.Run(() => PumpAsync(key), CancellationToken.None);
    }

    /// <summary>Makes passes until nobody waits. Whatever fails is told to those who wait for it, so this task itself never does.</summary>
    private async Task PumpAsync((object Weights, int Horizon) key)
    {
        for (var company = false; ;)
        {
            if (company) await Task.Delay(Gathering, CancellationToken.None);
            using var turn = turns is null ? null : await turns.TakeAsync(CancellationToken.None);
            if (Next(key) is not { Length: > 0 } members) return;
            company = members.Length > 1;
            Pass(members, key.Horizon);
        }
    }

    /// <summary>Those who go next; none when the queue is empty, which is then gone.</summary>
    private Waiting[] Next((object Weights, int Horizon) key)
    {
        lock (_gate)
        {
            var queue = _queues[key];
            var members = new List<Waiting>();
            while (members.Count < MostMembers && queue.TryDequeue(out var one))
            {
                if (!one.Cancellation.IsCancellationRequested) members.Add(one);
            }

            if (members.Count == 0) _queues.Remove(key);
            return [.. members];
        }
    }

    private void Pass(Waiting[] members, int horizon)
    {
        try
        {
            var predictions = members[0].Fit.PredictTogether([.. members.Select(m => m.Fit)], horizon);
            Interlocked.Increment(ref _passes);
            Interlocked.Add(ref _members, members.Length);
            for (var i = 0; i < members.Length; i++) members[i].Answer.SetResult(predictions[i]);
        }
        catch (Exception e)
        {
            foreach (var member in members) member.Answer.TrySetException(e);
        }
    }

    private sealed record Waiting(IJointPredictor Fit, CancellationToken Cancellation)
    {
        public TaskCompletionSource<PanelPrediction> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Weights are the same when they are the same object, whatever they think equality is.</summary>
    private sealed class WeightsComparer : IEqualityComparer<(object Weights, int Horizon)>
    {
        public static readonly WeightsComparer Instance = new();

        public bool Equals((object Weights, int Horizon) x, (object Weights, int Horizon) y) => ReferenceEquals(x.Weights, y.Weights) && x.Horizon == y.Horizon;

        public int GetHashCode((object Weights, int Horizon) obj) => HashCode.Combine(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj.Weights), obj.Horizon);
    }
}
