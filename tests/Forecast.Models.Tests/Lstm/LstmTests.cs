using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;
using Forecast.Models.Tests.Training;

namespace Forecast.Models.Tests.Lstm;

public sealed class LstmTests
{
    private const string Tiny = "lstm{lookback: 24, patch: 6, hidden: 8, epochs: 3, steps: 20, batch: 16, learning_rate: 0.01}";

    private static readonly ForecastTask Task = new(4, [0.025, 0.1, 0.5, 0.9]);

    private static FitContext Context => TestPanels.Context with { Device = TestDevice.Name };

    [Fact]
    public void It_learns_what_a_line_cannot_say()
    {
        // The next value is far from linear in the last ones: a logistic map, scaled and shifted per series.
        var view = TestPanels.View(Frequency.Daily, ("a", Logistic(900, 0.31, 5, 100)), ("b", Logistic(900, 0.77, 0.2, -3)));
        var task = new ForecastTask(1, [0.1, 0.5, 0.9]);
        var linear = Mae(ModelCatalogue.Default.Create("linear-ar(4){scope: global}").Fit(view, task, Context));
        var fitted = ModelCatalogue.Default.Create("lstm{lookback: 4, hidden: 32, layers: 1, dropout: 0, epochs: 12, steps: 60, batch: 32, learning_rate: 0.02}").Fit(view, task, Context);

        Mae(fitted).ShouldBeLessThan(0.5 * linear);

        static double Mae(IFittedForecaster fitted)
        {
            var longer = Logistic(1000, 0.31, 5, 100);
            double sum = 0;
            for (var t = 900; t < 1000; t += 5)
                sum += Math.Abs(longer[t] - fitted.Condition(TestPanels.View(Frequency.Daily, ("a", longer[..t]))).Predict(KnownFuture.None, 1, 1)["a"].Mean(1));
            return sum / 20;
        }
    }

    [Fact]
    public void Quantiles_ascend_cover_the_asked_levels_and_end_where_training_ended()
    {
        var law = Fit(Tiny, Waves()).Predict(KnownFuture.None, 4, 1)["a"];

        for (var h = 1; h <= 4; h++)
        {
            var quantiles = new[] { 0.025, 0.05, 0.1, 0.25, 0.5, 0.77, 0.9, 0.95 }.Select(p => law.Quantile(h, p, Tiny)).ToArray();
            quantiles.ShouldBe(quantiles.Order());
            quantiles[^1].ShouldBeGreaterThan(quantiles[0]);
            law.Mean(h).ShouldBeInRange(quantiles[0], quantiles[^1]);
            law.TryQuantile(h, 0.99, out _).ShouldBeFalse();
            law.TryQuantile(h, 0.01, out _).ShouldBeFalse();
        }

        Should.Throw<ForecastException>(() => law.Quantile(1, 0.99, Tiny)).Code.ShouldBe("level-unavailable");
    }

    [Fact]
    public void A_seed_gives_the_same_bits_and_another_seed_others_even_side_by_side()
    {
        var view = Waves();
        var (first, second, other) = (Array.Empty<double>(), Array.Empty<double>(), Array.Empty<double>());

        Parallel.Invoke(() => first = Means(Fit(Tiny, view)), () => second = Means(Fit(Tiny, view)), () => other = Means(Fit(Tiny, view, seed: 2)));

        if (TestDevice.IsCpu) second.ShouldBe(first);
        else second.ShouldBe(first, 1e-2);
        other.ShouldNotBe(first);
    }

    [Fact]
    public void Shift_and_unit_of_a_series_change_nothing_but_shift_and_unit()
    {
        var (plain, moved) = (Waves(), Waves(scale: 1e4, shift: -5e6));

        var (a, b) = (Means(Fit(Tiny, plain)), Means(Fit(Tiny, moved)));

        foreach (var (x, y) in a.Zip(b)) ((y + 5e6) / 1e4).ShouldBe(x, 0.02);
    }

    [Fact]
    public void A_saved_model_loads_to_the_same_bits_without_pickles()
    {
        var model = ModelCatalogue.Default.Create($"{Tiny[..^1]}, seeds: 2}}");
        var view = Waves();
        var fitted = model.Fit(view, Task, Context);
        var archive = new ModelArchive();
        fitted.Save(archive);

        var loaded = TestPanels.Reload(model, fitted).Condition(view);

        archive.Entries.ShouldBe(["lstm.json", "weights.0.safetensors", "weights.1.safetensors"]);
        if (TestDevice.IsCpu) Means(loaded).ShouldBe(Means(fitted));
        else Means(loaded).ShouldBe(Means(fitted), 1e-3);
        loaded.Summaries["a"].Notes.ShouldBe(fitted.Summaries["a"].Notes.Select(n => n.Replace("on cuda:0", "on cpu", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_damaged_archive_is_refused()
    {
        var model = ModelCatalogue.Default.Create(Tiny);
        var archive = new ModelArchive();
        Fit(Tiny, Waves()).Save(archive);
        archive.Write("weights.0.safetensors", archive.Read("weights.0.safetensors")[..^9]);

        Should.Throw<ForecastException>(() => model.Load(archive));
    }

    [Fact]
    public void Conditioning_moves_the_origin_and_leaves_the_first_one_alone()
    {
        var fitted = Fit(Tiny, Waves());
        var before = Means(fitted);

        var later = fitted.Condition(Waves(rows: 207)).Predict(KnownFuture.None, 4, 1)["a"];

        later.Timestamps[0].ShouldBe(TestPanels.Times(Frequency.Daily, 1, first: 207)[0]);
        Means(fitted).ShouldBe(before);
    }

    [Fact]
    public void Gaps_short_series_and_constants_are_each_answered()
    {
        var a = Wave(200, 0);
        for (var t = 40; t < 50; t++) a[t] = double.NaN;
        a[199] = double.NaN;
        var view = TestPanels.View(Frequency.Daily, ("a", a), ("short", Wave(20, 1)), ("flat", [.. Enumerable.Repeat(5.0, 200)]), ("none", [.. Enumerable.Repeat(double.NaN, 60)]));

        var prediction = Fit(Tiny, view).Predict(KnownFuture.None, 4, 1);

        prediction["a"].Mean(1).ShouldBeInRange(5, 15);
        prediction.Failures["short"].Code.ShouldBe("series-too-short");
        prediction.Failures["none"].Code.ShouldBe("series-empty");
        prediction["flat"].Quantile(2, 0.9, Tiny).ShouldBe(5, 1e-6);
    }

    [Fact]
    public void A_panel_that_never_moves_goes_on_and_says_nothing_of_one_that_does()
    {
        double[] still = [.. Enumerable.Repeat(0.1, 80)];
        var fitted = Fit(Tiny, TestPanels.View(Frequency.Daily, ("a", still), ("zero", new double[80])));
        var prediction = fitted.Predict(KnownFuture.None, 4, 1);
        prediction["a"].Mean(1).ShouldBe(0.1, 1e-9);
        prediction["a"].Quantile(4, 0.9, Tiny).ShouldBe(0.1, 1e-9);
        prediction["zero"].Mean(4).ShouldBe(0, 1e-9);
        var moved = TestPanels.Reload(ModelCatalogue.Default.Create(Tiny), fitted).Condition(TestPanels.View(Frequency.Daily, ("a", Wave(80, 0)), ("zero", new double[81])));
        moved.Predict(KnownFuture.None, 4, 1).Failures["a"].Code.ShouldBe("no-window");
        moved.Predict(KnownFuture.None, 4, 1)["zero"].Mean(1).ShouldBe(0, 1e-9);
    }

    [Fact]
    public void A_known_future_covariate_that_decides_the_outcome_is_used()
    {
        var random = new RandomSource(9);
        double[] k = [.. Enumerable.Range(0, 404).Select(_ => random.NextInt(2) * 1.0)];
        double[] y = [.. k.Take(400).Select(v => (10 * v) + random.NextNormal())];
        var columns = new[] { new Column("y", ColumnRole.Target, [.. y, double.NaN, double.NaN, double.NaN, double.NaN]), new Column("k", ColumnRole.FutureCovariate, k) };
        var panel = new Panel([new TimeSeries("a", Frequency.Daily, TestPanels.Times(Frequency.Daily, 404), columns)]);
        var cutoff = panel.Series[0].Times[399];
        var fitted = ModelCatalogue.Default.Create("lstm{lookback: 8, patch: 1, hidden: 16, epochs: 10, steps: 40, batch: 32, learning_rate: 0.02, dropout: 0, future: [k]}").Fit(panel.AsOf(cutoff), Task, Context);

        var law = fitted.Predict(panel.KnownFutureAfter(cutoff, 4), 4, 1)["a"];

        for (var h = 1; h <= 4; h++) law.Mean(h).ShouldBe(10 * k[399 + h], 3.5);
        fitted.Predict(KnownFuture.None, 4, 1).Failures["a"].Code.ShouldBe("future-covariate-missing");
    }

    [Fact]
    public void The_summary_tells_the_training()
    {
        var summary = Fit(Tiny, Waves()).Summaries["a"];

        summary.Parameters["lookback"].ShouldBe(24);
        summary.Parameters["weights"].ShouldBeGreaterThan(500);
        summary.Paths["validation_loss_1"].Length.ShouldBe((int)summary.Criteria["epochs"] + 1);
        summary.Notes[^1].ShouldContain(TestDevice.Name);
    }

    [Theory]
    [InlineData("lstm{hidden: 0}", "hidden-invalid")]
    [InlineData("lstm{lookback: 10, patch: 3}", "patch-invalid")]
    [InlineData("lstm{dropout: 1}", "dropout-invalid")]
    [InlineData("lstm{learning_rate: 0}", "learning-rate-invalid")]
    [InlineData("lstm{validation: 0.9}", "validation-invalid")]
    public void Options_out_of_range_are_refused(string model, string code) =>
        Should.Throw<ForecastException>(() => ModelCatalogue.Default.Create(model)).Code.ShouldBe(code);

    [Theory]
    [InlineData("lstm{past: [x]}", "cpu", "column-unknown")]
    [InlineData("lstm{lookback: 500}", "cpu", "series-too-short")]
    [InlineData("lstm", "gpu", "device-unknown")]
    [InlineData("lstm", "cuda:99", "device-missing")]
    public void What_cannot_be_fitted_is_said(string model, string device, string code) =>
        Should.Throw<ForecastException>(() => ModelCatalogue.Default.Create(model).Fit(Waves(), Task, Context with { Device = device })).Code.ShouldBe(code);

    [Fact]
    public void More_steps_than_were_trained_are_refused() =>
        Should.Throw<ForecastException>(() => Fit(Tiny, Waves()).Predict(KnownFuture.None, 5, 1)).Code.ShouldBe("horizon-too-long");

    private static IFittedForecaster Fit(string model, PanelView view, ulong seed = 1) => ModelCatalogue.Default.Create(model).Fit(view, Task, Context with { Seed = seed });

    private static double[] Means(IFittedForecaster fitted)
    {
        var prediction = fitted.Predict(KnownFuture.None, 4, 1);
        return [.. new[] { "a", "b" }.SelectMany(id => Enumerable.Range(1, 4).Select(h => prediction[id].Mean(h)))];
    }

    private static PanelView Waves(int rows = 200, double scale = 1, double shift = 0) => TestPanels.View(
        Frequency.Daily,
        ("a", [.. Wave(rows, 0).Select(v => (scale * v) + shift)]),
        ("b", [.. Wave(rows, 1).Select(v => (scale * v) + shift)]));

    private static double[] Wave(int rows, int phase)
    {
        var random = new RandomSource(40 + (ulong)phase);
        return [.. Enumerable.Range(0, rows).Select(t => 10 + (3 * Math.Sin((2 * Math.PI * t / 12) + phase)) + (0.3 * random.NextNormal()))];
    }

    private static double[] Logistic(int rows, double start, double scale, double shift)
    {
        var values = new double[rows];
        var x = start;
        for (var t = 0; t < rows; t++)
        {
            values[t] = (scale * x) + shift;
            x = 3.9 * x * (1 - x);
        }

        return values;
    }
}
