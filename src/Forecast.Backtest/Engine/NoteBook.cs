using Forecast.Backtest.Results;

namespace Forecast.Backtest.Engine;

/// <summary>Counts what is to be known about forecasts that did not fail, one line a series and fact.</summary>
internal sealed class NoteBook
{
    private readonly Dictionary<(string Model, string Series, string Text), int> _counts = [];

    public void Add(string model, string series, string text, int count = 1)
    {
        var key = (model, series, text);
        _counts[key] = _counts.GetValueOrDefault(key) + count;
    }

    public void Add(string model, string series, FoldForecast forecast, IReadOnlyList<double> levels)
    {
        for (var k = 0; k < levels.Count; k++)
        {
            var absent = forecast.Quantiles.Count(q => double.IsNaN(q[k]));
            if (absent > 0) Add(model, series, $"the model gives no quantile at level {levels[k]}", absent);
        }
    }

    public IReadOnlyList<ModelNote> Notes() =>
    [
        .. _counts.Select(c => new ModelNote(c.Key.Model, c.Key.Series, c.Key.Text, c.Value))
            .OrderBy(n => n.Model, StringComparer.Ordinal).ThenBy(n => n.Series, StringComparer.Ordinal).ThenBy(n => n.Text, StringComparer.Ordinal),
    ];
}
