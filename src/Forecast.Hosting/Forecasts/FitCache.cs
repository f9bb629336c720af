using Forecast.Core.Data;
using Forecast.Core.Forecasting;

namespace Forecast.Hosting.Forecasts;

/// <summary>What a fit depends on beside its data.</summary>
/// <param name="Tenant">Whose it is: nobody learns from the origin of a forecast what others have asked for.</param>
/// <param name="Model">Model string with its options.</param>
/// <param name="Horizon">Steps asked for.</param>
/// <param name="Levels">Levels asked for, as text.</param>
/// <param name="Seed">Seed of the request.</param>
/// <param name="Series">Ids of the series fitted together.</param>
internal sealed record FitKey(string Tenant, string Model, int Horizon, string Levels, ulong Seed, string Series);

/// <summary>A fit that is kept, with the data that it was made on.</summary>
/// <param name="Key">What else it depends on.</param>
/// <param name="Fitted">The fit.</param>
/// <param name="Data">Its data.</param>
/// <param name="Place">Where it was made.</param>
/// <param name="Version">Id of its model version in the ledger; null when nobody records.</param>
internal sealed record KeptFit(FitKey Key, IFittedForecaster Fitted, Panel Data, FitPlace Place, string? Version)
{
    public long Rows { get; } = Data.Series.Sum(s => (long)s.Length * Math.Max(1, s.Columns.Count));
}

/// <summary>
/// Fitted forecasters by (model and options, data), least recently used out first. Bounded by the rows of the data that are kept
/// to recognise them, and by number.
/// </summary>
/// <param name="maxRows">Values kept at most, over all fits.</param>
/// <param name="maxFits">Fits kept at most.</param>
public sealed class FitCache(long maxRows = 4_000_000, int maxFits = 20_000)
{
    /// <summary>New rows, as a share of those that the fit saw, up to which <see cref="RefitMode.Auto"/> keeps the parameters (one row always).</summary>
    public const double AutoShare = 0.1;

    /// <summary>Fits of one key: more would make every look-up slower for histories that hardly come again.</summary>
    private const int MaxOfOneKey = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<FitKey, List<LinkedListNode<KeptFit>>> _byKey = [];
    private readonly LinkedList<KeptFit> _byUse = new();
    private long _rows;

    /// <summary>Fits that are kept now.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _byUse.Count;
        }
    }

    /// <summary>The kept fit that suits best: of the same data, else the one with the fewest new rows.</summary>
    internal (KeptFit Fit, int NewRows)? Find(FitKey key, Panel data)
    {
        KeptFit[] candidates;
        lock (_gate) candidates = _byKey.TryGetValue(key, out var kept) ? [.. kept.Select(n => n.Value)] : [];
        (KeptFit Fit, int NewRows)? best = null;
        foreach (var fit in candidates)
        {
            if (FitOverlap.NewRows(fit.Data, data) is { } rows && !(best?.NewRows <= rows)) best = (fit, rows);
        }

        if (best is { } found) Touch(found.Fit);
        return best;
    }

    internal void Keep(KeptFit fit)
    {
        lock (_gate)
        {
            if (!_byKey.TryGetValue(fit.Key, out var kept)) _byKey[fit.Key] = kept = [];
            if (kept.Find(n => string.Equals(n.Value.Place.DataHash, fit.Place.DataHash, StringComparison.Ordinal)) is { } same) Remove(same);
            else if (kept.Count >= MaxOfOneKey) Remove(kept[0]);
            if (!_byKey.TryGetValue(fit.Key, out kept)) _byKey[fit.Key] = kept = [];
            kept.Add(_byUse.AddLast(fit));
            _rows += fit.Rows;
            while (_byUse.First is { } oldest && (_rows > maxRows || _byUse.Count > maxFits)) Remove(oldest);
        }
    }

    private void Touch(KeptFit fit)
    {
        lock (_gate)
        {
            if (!_byKey.TryGetValue(fit.Key, out var kept) || kept.Find(n => ReferenceEquals(n.Value, fit)) is not { } node) return;
            _byUse.Remove(node);
            _byUse.AddLast(node);
        }
    }

    private void Remove(LinkedListNode<KeptFit> node)
    {
        _byUse.Remove(node);
        _rows -= node.Value.Rows;
        var kept = _byKey[node.Value.Key];
        kept.Remove(node);
        if (kept.Count == 0) _byKey.Remove(node.Value.Key);
    }
}
