using Forecast.Core;

namespace Forecast.Backtest.Tests.Degenerate;

/// <summary>What a model made of a series: a cell of the table, and what is wrong with it (nothing, if all is well).</summary>
internal sealed record DegenerateCase(string Cell, IReadOnlyList<string> Faults)
{
    private const int Horizon = DegenerateAnswer.Horizon;

    /// <summary>Relative to the level: what a forecast of a scaled series may differ from the scaled forecast.</summary>
    private const double DefaultTolerance = 1e-6;

    /// <summary>EGARCH's likelihood has a kink in the mean wherever a row's error is 0, and its search ends at one of them.</summary>
    private static readonly Dictionary<string, double> Tolerances = new(StringComparer.Ordinal) { ["egarch"] = 1e-3 };

    /// <summary>Two epochs of five steps, on windows of which most have a missing target, leave a network further from what it would have been.</summary>
    private static readonly Dictionary<string, double> Rooms = new(StringComparer.Ordinal) { ["lstm"] = 2, ["xlstm"] = 2 };

    /// <summary>By its definition the forecast of a demand of 5 in every row is 1 - 0.1 / 2 of that.</summary>
    private static readonly Dictionary<string, double> Shares = new(StringComparer.Ordinal) { ["sba"] = 0.95 };

    public static double ToleranceOf(string model) => Tolerances.GetValueOrDefault(model, DefaultTolerance);

    public static DegenerateCase Of(DegenerateModel model, DegenerateSeries series)
    {
        DegenerateAnswer said;
        try
        {
            said = DegenerateAnswer.Of(model.Text, series.Values);
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
        var cell = model.Free is { } free ? Whole(said, DegenerateAnswer.Of(free, series.Values), faults) : series.Name switch
        {
            "constant" => Constant(model, said, DegenerateSeries.Constant, faults),
            "0.1" => Constant(model, said, DegenerateSeries.Rounding, faults),
            "zeros" => Constant(model, said, 0, faults),
            "1e12" => Scaled(model, said, DegenerateSeries.Large, faults),
            "1e-12" => Scaled(model, said, DegenerateSeries.Small, faults),
            "gaps" => Near(model, said, faults),
            _ => Within(series, said, faults),
        };
        return new DegenerateCase(faults.Count > 0 ? "wrong" : cell, faults);
    }

    private static string Constant(DegenerateModel model, DegenerateAnswer said, double value, List<string> faults)
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

    private static string Scaled(DegenerateModel model, DegenerateAnswer said, double factor, List<string> faults)
    {
        var usual = DegenerateAnswer.Usual(model.Text);
        var tolerance = ToleranceOf(model.Name);
        Compare("mean", said.Mean, usual.Mean);
        Compare("0.1 quantile", said.Low, usual.Low);
        Compare("0.9 quantile", said.High, usual.High);
        return "scaled";

        void Compare(string what, double[]? actual, double[]? expected)
        {
            if ((actual is null) != (expected is null)) faults.Add($"the {what} is known at one scale only");
            if (actual is null || expected is null) return;
            for (var h = 0; h < Horizon; h++)
            {
                var off = Math.Abs((actual[h] / factor) - expected[h]) / Math.Max(Math.Abs(expected[h]), 1);
                if (!(off <= tolerance)) faults.Add($"the {what} of step {h + 1} is {actual[h] / factor:R} times {factor}, but {expected[h]:R} of the unscaled series (off by {off:G3})");
            }
        }
    }

    /// <summary>
    /// A fifth of the rows is missing: on average over the steps that may move a mean within the doubt that the model itself had about it, and
    /// may widen or narrow that doubt, but no more. A gap that is read as a zero, or that moves the weekdays behind it, goes further.
    /// </summary>
    private static string Near(DegenerateModel model, DegenerateAnswer said, List<string> faults)
    {
        var usual = DegenerateAnswer.Usual(model.Text);
        var (width, before) = (Width(said), Width(usual));
        var doubt = before > 0 ? before.Value / 2 : DegenerateSeries.Deviation;
        var off = said.Mean.Zip(usual.Mean, (a, b) => Math.Abs(a - b)).Average();
        var room = Rooms.GetValueOrDefault(model.Name, 1);
        if (!(off <= room * doubt)) faults.Add($"the means are off those without gaps by {off:G3} on average, whose doubt is {doubt:G3}");
        if (width.HasValue != before.HasValue) faults.Add("with gaps other quantiles are known than without");
        if (width is { } now && before > 0 && !(now / before is >= 0.5 and <= 2)) faults.Add($"the intervals are {now / before:G3} times as wide as without gaps");
        return room == 1 ? "near" : $"near ({room})";

        static double? Width(DegenerateAnswer answer) => answer is { Low: { } low, High: { } high } ? high.Zip(low, (h, l) => h - l).Average() : null;
    }

    private static string Within(DegenerateSeries series, DegenerateAnswer said, List<string> faults)
    {
        var (least, most) = (series.Values.Min(), series.Values.Max());
        var room = Math.Max(most - least, Math.Abs(most));
        for (var h = 0; h < Horizon; h++)
        {
            if (!(said.Mean[h] >= least - room && said.Mean[h] <= most + room)) faults.Add($"the mean of step {h + 1} is {said.Mean[h]:G6}, far from all values");
        }

        return "within";
    }

    /// <summary>Quantiles of a law on whole numbers are whole and beside those of the law that was rounded; so is the mean.</summary>
    private static string Whole(DegenerateAnswer said, DegenerateAnswer free, List<string> faults)
    {
        for (var h = 0; h < Horizon; h++)
        {
            Check("mean", said.Mean[h], free.Mean[h], 0.5 + (1e-15 * Math.Abs(free.Mean[h])));
            Quantile("0.1 quantile", said.Low![h], free.Low![h]);
            Quantile("0.9 quantile", said.High![h], free.High![h]);
        }

        return "whole";

        void Quantile(string what, double actual, double expected)
        {
            if (actual != Math.Round(actual)) faults.Add($"the {what} is {actual:R}, no whole number");
            Check(what, actual, expected, 0.5 + (1e-15 * Math.Abs(expected)));
        }

        void Check(string what, double actual, double expected, double room)
        {
            if (!(Math.Abs(actual - expected) <= room)) faults.Add($"the {what} is {actual:R}; before rounding it was {expected:R}");
        }
    }
}
