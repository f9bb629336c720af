using System.Globalization;
using Forecast.Core.Forecasting;
using Forecast.Models.Catalogue;
using Forecast.Models.Smetimes;

namespace Forecast.SmetimesBenchmark;

/// <summary>Fits a model of the catalogue on the months before the test and forecasts every test window.</summary>
internal static class Runs
{
    private static readonly ForecastTask Task = new(EttProtocol.Horizons[^1], ForecastTask.DefaultLevels);

    /// <summary>What validation months chose, on one seed, for each preset: README.md has the table.</summary>
    private const string Common = "stride: 1, epochs: 10, steps: 220, batch: 256";

    private static readonly Dictionary<string, string> Chosen = new(StringComparer.Ordinal)
    {
        ["smetimes"] = "prompts: published, learning_rate: 0.001, layers: 2, hidden: 64, dropout: 0.3",
        ["autotimes"] = "learning_rate: 0.003, layers: 2, hidden: 256, dropout: 0.5",
        ["no-llm"] = "learning_rate: 0.0003, layers: 2, hidden: 256, dropout: 0.5",
    };

    /// <param name="data">The series.</param>
    /// <param name="preset">Of <c>smetimes</c>.</param>
    /// <param name="options">Options of the model string beside those of the protocol; empty = those that validation chose.</param>
    /// <param name="device">Where to train.</param>
    /// <param name="seed">Of the training.</param>
    public static SmetimesFitted Fit(EttProtocol data, string preset, string options, string device, ulong seed)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"smetimes{{preset: {preset}, segment: {EttProtocol.Segment}, segments: {EttProtocol.Lookback / EttProtocol.Segment}, validation: {EttProtocol.ValidationShare:F5}, {Common}, {(options.Length > 0 ? options : Chosen[preset])}}}");
        var view = data.Known.AsOf(data.Known.Series[0].Times[^1]);
        return (SmetimesFitted)ModelCatalogue.Default.Create(text).Fit(view, Task, new FitContext(seed) { Device = device });
    }

    public static Errors Score(EttProtocol data, SmetimesFitted fitted)
    {
        var errors = new Errors();
        var view = data.All.AsOf(data.All.Series[0].Times[^1]);
        var shortest = EttProtocol.Horizons[0];
        foreach (var group in Enumerable.Range(0, EttProtocol.Windows(shortest)).GroupBy(LongestHorizon))
        {
            foreach (var series in view.Series)
            {
                foreach (var part in group.Chunk(SegmentForecast.Batch))
                {
                    var paths = fitted.Points.Run([.. part.Select(w => new SegmentWindow(series, EttProtocol.FirstOrigin + w + 1, 0, 1))], group.Key);
                    for (var i = 0; i < part.Length; i++) errors.Add(part[i], view.Series.Count, paths[i], series.Target.Slice(EttProtocol.FirstOrigin + part[i] + 1, group.Key));
                }
            }
        }

        return errors;
    }

    /// <summary>The zoo's linear autoregression, one for all channels, direct for each step.</summary>
    public static Errors Linear(EttProtocol data)
    {
        var model = ModelCatalogue.Default.Create(string.Create(CultureInfo.InvariantCulture, $"linear-ar({EttProtocol.Lookback}){{scope: global, validation: {EttProtocol.ValidationShare:F5}}}"));
        var fitted = model.Fit(data.Known.AsOf(data.Known.Series[0].Times[^1]), Task, new FitContext(1));
        var errors = new Errors();
        var times = data.All.Series[0].Times.ToArray();
        for (var w = 0; w < EttProtocol.Windows(EttProtocol.Horizons[0]); w++)
        {
            var origin = EttProtocol.FirstOrigin + w;
            var horizon = LongestHorizon(w);
            var prediction = fitted.Condition(data.All.AsOf(times[origin], EttProtocol.Lookback)).Predict(Core.Data.KnownFuture.None, horizon, 1);
            foreach (var series in data.All.Series)
            {
                var law = prediction[series.Id];
                errors.Add(w, data.All.Series.Count, [.. Enumerable.Range(1, horizon).Select(h => law.Marginal(h).Mean)], series.Targets[0].Values.Slice(origin + 1, horizon));
            }
        }

        return errors;
    }

    /// <summary>The longest of the published horizons whose targets a window has.</summary>
    private static int LongestHorizon(int window) => EttProtocol.Horizons.Last(h => window < EttProtocol.Windows(h));
}
