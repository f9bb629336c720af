using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;

namespace Forecast.Models.Tests.Degenerate;

/// <summary>What a model made of a series: a cell of the table, and what is wrong with it (nothing, if all is well).</summary>
internal sealed record DegenerateCase(string Cell, IReadOnlyList<string> Faults)
{
    private const int Horizon = 5;

    /// <summary>Relative to the level: what a forecast of a scaled series may differ from the scaled forecast.</summary>
    private const double DefaultTolerance = 1e-6;

    /// <summary>EGARCH's likelihood has a kink in the mean wherever a row's error is 0, and its search ends at one of them.</summary>
    private static readonly Dictionary<string, double> Tolerances = new(StringComparer.Ordinal) { ["egarch"] = 1e-3 };

    /// <summary>By its definition the forecast of a demand of 5 in every row is 1 - 0.1 / 2 of that.</summary>
    private static readonly Dictionary<string, double> Shares = new(StringComparer.Ordinal) { ["sba"] = 0.95 };

    /// <summary>Means, and the quantiles at 0.1 and 0.9 where the model has them.</summary>
    private sealed record Said(double[] Mean, double[]? Low, double[]? High);

    public static double ToleranceOf(string model) => Tolerances.GetValueOrDefault(model, DefaultTolerance);

    public static DegenerateCase Of(ModelDescriptor model, DegenerateSeries series)
    {
        Said said;
        try
        {
            said = Ask(model.Example, series.Values);
        }
        catch (ForecastException e)
        {
            return new DegenerateCase($"`{e.Code}`", e.Message.Length > 20 && e.Code.Length > 3 ? [] : [$"the error '{e.Message}' says too little"]);
        }

        var faults = new List<string>();
        for (var h = 0; h < Horizon; h++)
        {
            if (!double.IsFinite(said.Mean[h])) faults.Add($"the mean of step {h + 1} is {said.Mean[h]}");
            if (said.Low is { } low && said.High is { } high && !(low[h] <= high[h])) faults.Add($"the quantiles of step {h + 1} are {low[h]} and {high[h]}");
        }

        if (faults.Count > 0) return new DegenerateCase("wrong", faults);
        var cell = series.Name switch
        {
            "constant" => Constant(model, said, DegenerateSeries.Constant, faults),
            "zeros" => Constant(model, said, 0, faults),
            "1e12" => Scaled(model, said, DegenerateSeries.Large, faults),
            "1e-12" => Scaled(model, said, DegenerateSeries.Small, faults),
            "gaps" => Near(model, said, faults),
            _ => Within(series, said, faults),
        };
        return new DegenerateCase(faults.Count > 0 ? "wrong" : cell, faults);
    }

    private static Said Ask(string model, double[] values)
    {
        var law = TestPanels.View(Frequency.Daily, ("s", values));
        var forecast = ModelCatalogue.Default.Create(model).Fit(law, new ForecastTask(Horizon, [0.1, 0.9]), TestPanels.Context).Predict(KnownFuture.None, Horizon, seed: 7);
        if (forecast.Failures.TryGetValue("s", out var failure)) throw failure;
        var said = forecast["s"];
        return new Said(Each(said, 0)!, Each(said, 0.1), Each(said, 0.9));
    }

    private static double[]? Each(PredictiveDistribution law, double level)
    {
        var values = new double[Horizon];
        for (var h = 1; h <= Horizon; h++)
        {
            if (level == 0) values[h - 1] = law.Mean(h);
            else if (!law.TryQuantile(h, level, out values[h - 1])) return null;
        }

        return values;
    }

    private static string Constant(ModelDescriptor model, Said said, double value, List<string> faults)
    {
        var size = Math.Max(Math.Abs(value), 1e-3);
        var share = value == 0 ? 1 : Shares.GetValueOrDefault(model.Name, 1);
        for (var h = 0; h < Horizon; h++)
        {
            if (!(Math.Abs(said.Mean[h] - (share * value)) <= 1e-6 * size)) faults.Add($"the mean of step {h + 1} is {said.Mean[h]:R}, not {share * value}");
            if (said.Low is { } low && said.High is { } high && !(high[h] - low[h] <= 1e-5 * size)) faults.Add($"the interval of step {h + 1} goes from {low[h]:R} to {high[h]:R}");
        }

        return share == 1 ? "the value" : $"{share} of it";
    }

    private static string Scaled(ModelDescriptor model, Said said, double factor, List<string> faults)
    {
        var usual = Ask(model.Example, DegenerateSeries.Usual);
        var tolerance = ToleranceOf(model.Name);
        Compare("mean", said.Mean, usual.Mean);
        if (said.Low is { } low && usual.Low is { } usualLow) Compare("0.1 quantile", low, usualLow);
        if (said.High is { } high && usual.High is { } usualHigh) Compare("0.9 quantile", high, usualHigh);
        return "scaled";

        void Compare(string what, double[] actual, double[] expected)
        {
            for (var h = 0; h < Horizon; h++)
            {
                var off = Math.Abs((actual[h] / factor) - expected[h]) / Math.Max(Math.Abs(expected[h]), 1);
                if (!(off <= tolerance)) faults.Add($"the {what} of step {h + 1} is {actual[h] / factor:R} times {factor}, but {expected[h]:R} of the unscaled series (off by {off:G3})");
            }
        }
    }

    private static string Near(ModelDescriptor model, Said said, List<string> faults)
    {
        var usual = Ask(model.Example, DegenerateSeries.Usual);
        var (least, most) = (DegenerateSeries.Usual.Min(), DegenerateSeries.Usual.Max());
        if (!(Math.Abs(said.Mean.Average() - usual.Mean.Average()) <= (most - least) / 3)) faults.Add($"the average of the means is {said.Mean.Average():G6}; without gaps it is {usual.Mean.Average():G6}");
        for (var h = 0; h < Horizon; h++)
        {
            if (!(said.Mean[h] >= least && said.Mean[h] <= most)) faults.Add($"the mean of step {h + 1} is {said.Mean[h]:G6}, beyond all values");
        }

        return "near";
    }

    private static string Within(DegenerateSeries series, Said said, List<string> faults)
    {
        var (least, most) = (series.Values.Min(), series.Values.Max());
        var room = Math.Max(most - least, Math.Abs(most));
        for (var h = 0; h < Horizon; h++)
        {
            if (!(said.Mean[h] >= least - room && said.Mean[h] <= most + room)) faults.Add($"the mean of step {h + 1} is {said.Mean[h]:G6}, far from all values");
        }

        return "within";
    }
}
