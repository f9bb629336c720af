using Forecast.Backtest.Results;
using NodaTime;

namespace Forecast.Backtest.Strategies;

/// <summary>The decisions of every strategy over a group of assets, at the cutoffs of a back-test.</summary>
internal sealed class SignalBook
{
    private readonly BacktestResult _result;
    private readonly StrategyOptions _options;
    private readonly SeriesInfo[] _series;
    private readonly PriceTable _prices;
    private readonly Dictionary<(string Model, string Series, Instant Cutoff), PredictionRow[]> _forecasts;
    private readonly Dictionary<(string Model, string Series, int Fold), Instant> _known = [];
    private readonly Instant[][] _cutoffs;

    public SignalBook(BacktestResult result, ILookup<string, PredictionRow> rows, StrategyOptions options, SeriesInfo[] series, PriceTable prices)
    {
        (_result, _options, _series, _prices) = (result, options, series, prices);
        var held = result.Spec.Plan.Step ?? result.Spec.Plan.Horizon;
        var ids = series.Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
        PredictionRow[] own = [.. series.SelectMany(s => rows[s.Id])];
        LastTarget = own.Max(p => p.ObservedAt);
        _forecasts = own.Where(p => p.H <= held).GroupBy(p => (p.Model, p.Series, p.Cutoff)).ToDictionary(g => g.Key, g => g.OrderBy(p => p.H).ToArray());
        foreach (var line in result.Certificate.Folds.Where(f => ids.Contains(f.Fold.Series))) _known[(line.Model, line.Fold.Series, line.Fold.Fold)] = line.Fold.LatestAvailableAt;
        _cutoffs = [.. series.Select(s => rows[s.Id].Select(p => p.Cutoff).Distinct().Order().ToArray())];
    }

    /// <summary>Time of the last row that was forecast: the books end there.</summary>
    public Instant LastTarget { get; }

    public IEnumerable<(string Name, StrategyKind Kind, Decision[] Decisions)> All()
    {
        yield return ("buy-and-hold", StrategyKind.BuyAndHold, [.. Assets().Where(a => _cutoffs[a].Length > 0).Select(a => new Decision(a, _cutoffs[a][0], _cutoffs[a][0], Part))]);
        var models = _result.Spec.Models.Select(m => (Model: m, Decisions: Of(m))).ToArray();
        foreach (var (model, decisions) in models) yield return (model, StrategyKind.Model, decisions);
        if (models.Length > 1) yield return ("ensemble", StrategyKind.Ensemble, Mean([.. models.Select(m => m.Decisions)]));
        foreach (var rows in _options.Momentum) yield return ($"momentum({rows})", StrategyKind.Momentum, Rule(rows, 1));
        foreach (var rows in _options.Contrarian) yield return ($"contrarian({rows})", StrategyKind.Contrarian, Rule(rows, -1));
    }

    private double Part => 1.0 / _series.Length;

    private IEnumerable<int> Assets() => Enumerable.Range(0, _series.Length);

    private Decision[] Of(string model) => [.. Assets().SelectMany(a => _cutoffs[a].Select(cutoff => Decide(model, a, cutoff)))];

    private Decision Decide(string model, int asset, Instant cutoff)
    {
        var id = _series[asset].Id;
        if (!_forecasts.TryGetValue((model, id, cutoff), out var rows)) return new Decision(asset, cutoff, cutoff, 0);
        var known = _known.TryGetValue((model, id, rows[0].Fold), out var latest) ? latest : cutoff;
        return new Decision(asset, cutoff, known, Part * _options.WeightFor(Expected(asset, cutoff, rows)));
    }

    /// <summary>Return from the last price at the cutoff to the last row of the holding span, by the mean forecast.</summary>
    private double Expected(int asset, Instant cutoff, PredictionRow[] rows)
    {
        var kind = ValueKinds.Of(_series[asset].Unit);
        if (kind == ValueKind.Price) return (rows[^1].Mean / LastPrice(asset, cutoff, 0)) - 1;
        return rows.Aggregate(1.0, (level, row) => level * (1 + ValueKinds.SimpleReturn(kind, row.Mean))) - 1;
    }

    /// <summary>Long after a rise over the last <paramref name="rows"/> rows with a price (<paramref name="side"/> 1) or after a fall (-1).</summary>
    private Decision[] Rule(int rows, int side) =>
    [
        .. Assets().SelectMany(a => _cutoffs[a].Select(cutoff =>
        {
            var change = (LastPrice(a, cutoff, 0) / LastPrice(a, cutoff, rows)) - 1;
            return new Decision(a, cutoff, cutoff, Part * (double.IsNaN(change) ? 0 : _options.WeightFor(side * change)));
        })),
    ];

    private static Decision[] Mean(Decision[][] members) =>
    [
        .. members.SelectMany(m => m).GroupBy(d => (d.Asset, d.DecidedAt))
            .Select(g => new Decision(g.Key.Asset, g.Key.DecidedAt, g.Max(d => d.KnownUpTo), g.Sum(d => d.Weight) / members.Length)),
    ];

    /// <summary>The price <paramref name="back"/> observed prices before the last one at the cutoff; NaN if there is none.</summary>
    private double LastPrice(int asset, Instant cutoff, int back)
    {
        var prices = _prices.Of(asset);
        for (var t = _prices.IndexAt(cutoff); t >= 0; t--)
        {
            if (!double.IsNaN(prices[t]) && back-- == 0) return prices[t];
        }

        return double.NaN;
    }
}
