using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Numerics;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;
using Forecast.Models.Tests.Training;
using Forecast.Models.Xlstm;
using static TorchSharp.torch;

namespace Forecast.Models.Tests.Xlstm;

/// <summary>The stack as a forecaster that is trained on the panel.</summary>
public sealed class XlstmForecasterTests
{
    private const string Tiny = "xlstm{lookback: 24, patch: 6, hidden: 8, heads: 2, epochs: 2, steps: 8, batch: 16, learning_rate: 0.01}";

    private static readonly ForecastTask Task = new(4, [0.025, 0.1, 0.5, 0.9]);

    private static FitContext Context => TestPanels.Context with { Device = TestDevice.Name };

    [Theory]
    [InlineData("slstm: []")]
    [InlineData("slstm: [0]")]
    [InlineData("form: large")]
    public void Every_kind_of_block_learns_what_a_line_cannot_say(string kind)
    {
        // The next value is far from linear in the last ones: a logistic map.
        var view = TestPanels.View(Frequency.Daily, ("a", Logistic(900, 0.31)));
        var task = new ForecastTask(1, [0.1, 0.5, 0.9]);
        var linear = Mae(ModelCatalogue.Default.Create("linear-ar(4){scope: global}").Fit(view, task, Context));
        var fitted = ModelCatalogue.Default.Create($"xlstm{{lookback: 4, hidden: 16, blocks: 1, {kind}, heads: 2, dropout: 0, epochs: 10, steps: 25, batch: 32, learning_rate: 0.02}}").Fit(view, task, Context);

        Mae(fitted).ShouldBeLessThan(0.5 * linear);

        static double Mae(IFittedForecaster fitted)
        {
            var longer = Logistic(1000, 0.31);
            double sum = 0;
            for (var t = 900; t < 1000; t += 5)
                sum += Math.Abs(longer[t] - fitted.Condition(TestPanels.View(Frequency.Daily, ("a", longer[..t]))).Predict(KnownFuture.None, 1, 1)["a"].Mean(1));
            return sum / 20;
        }
    }

    [Fact]
    public void Quantiles_ascend_and_end_where_training_ended()
    {
        var law = Fit(Waves()).Predict(KnownFuture.None, 4, 1)["a"];
        for (var h = 1; h <= 4; h++)
        {
            var quantiles = new[] { 0.025, 0.1, 0.5, 0.77, 0.95 }.Select(p => law.Quantile(h, p, Tiny)).ToArray();
            quantiles.ShouldBe(quantiles.Order());
            quantiles[^1].ShouldBeGreaterThan(quantiles[0]);
        }

        Should.Throw<ForecastException>(() => law.Quantile(1, 0.99, Tiny)).Code.ShouldBe("level-unavailable");
    }

    [Fact]
    public void A_seed_gives_the_same_bits_and_another_seed_others()
    {
        var view = Waves();
        var (first, second) = (Means(Fit(view)), Means(Fit(view)));
        if (TestDevice.IsCpu) second.ShouldBe(first);
        else second.ShouldBe(first, 1e-2);
        Means(Fit(view, seed: 2)).ShouldNotBe(first);
    }

    [Fact]
    public void A_saved_model_loads_to_the_same_forecasts()
    {
        var model = ModelCatalogue.Default.Create(Tiny);
        var view = Waves();
        var fitted = model.Fit(view, Task, Context);
        var loaded = TestPanels.Reload(model, fitted).Condition(view);
        if (TestDevice.IsCpu) Means(loaded).ShouldBe(Means(fitted));
        else Means(loaded).ShouldBe(Means(fitted), 1e-3);
        loaded.Summaries["a"].Parameters["layers"].ShouldBe(2);
    }

    [Fact]
    public void Gaps_short_series_and_constants_are_each_answered()
    {
        var a = Wave(200, 0);
        for (var t = 40; t < 50; t++) a[t] = double.NaN;
        var view = TestPanels.View(Frequency.Daily, ("a", a), ("short", Wave(20, 1)), ("flat", [.. Enumerable.Repeat(5.0, 200)]), ("none", [.. Enumerable.Repeat(double.NaN, 60)]));
        var prediction = Fit(view).Predict(KnownFuture.None, 4, 1);
        prediction["a"].Mean(1).ShouldBeInRange(5, 15);
        prediction.Failures["short"].Code.ShouldBe("series-too-short");
        prediction.Failures["none"].Code.ShouldBe("series-empty");
        prediction["flat"].Quantile(2, 0.9, Tiny).ShouldBe(5, 1e-6);
    }

    [Fact]
    public void Training_starts_from_gates_that_hold_on_and_every_weight_is_drawn_by_the_seed()
    {
        var config = new XlstmOptions { Blocks = 3, SlstmAt = [1], Heads = 2 }.Validated(16).Config(16);
        using var stack = new XlstmStack(config);
        XlstmStart.Draw(stack, config, seed: 5);
        using var again = new XlstmStack(config);
        XlstmStart.Draw(again, config, seed: 5);
        var state = stack.state_dict();
        foreach (var (name, value) in again.state_dict()) value.Equals(state[name]).ShouldBeTrue(name);
        float[] Values(string name) => state[name].data<float>().ToArray();
        Values("blocks.0.xlstm.mlstm_cell.fgate.bias").ShouldBe([3f, 6f]);
        Values("blocks.0.xlstm.mlstm_cell.fgate.weight").ShouldAllBe(v => v == 0);
        Values("blocks.0.xlstm.q_proj.weight").Average(v => (double)v * v).ShouldBe(2.0 / (5 * 16), 0.5 * 2 / (5 * 16));
        Values("blocks.2.xlstm.proj_down.weight").Average(v => (double)v * v).ShouldBe(4.0 / (9 * 16), 0.5 * 4 / (9 * 16));
        var bias = Values("blocks.1.xlstm.slstm_cell._bias_");
        bias[16..24].ShouldBeInOrder(SortDirection.Ascending);
        (bias[16], bias[23], bias[0], bias[32]).ShouldBe((-5f, 7f, 0f, 0f));
        using var x = randn([2, 20, 16]);
        using var parallel = stack.Run(x, null, MlstmForm.Parallel).Output;
        using var chunks = stack.Run(x, null, MlstmForm.Chunkwise).Output;
        (parallel - chunks).abs().max().item<float>().ShouldBeLessThan(1e-4f);
        parallel.isfinite().all().item<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData("xlstm{blocks: 0}", "blocks-invalid")]
    [InlineData("xlstm{blocks: 2, slstm: [2]}", "slstm-invalid")]
    [InlineData("xlstm{slstm: [x]}", "model-argument")]
    [InlineData("xlstm{hidden: 10}", "heads-invalid")]
    [InlineData("xlstm{hidden: 12, heads: 3}", "heads-invalid")]
    [InlineData("xlstm{convolution: 0}", "convolution-invalid")]
    [InlineData("xlstm{form: large, slstm: [0]}", "slstm-invalid")]
    [InlineData("xlstm{form: large, convolution: 4}", "model-argument")]
    [InlineData("xlstm{form: large, hidden: 12, heads: 4}", "heads-invalid")]
    [InlineData("xlstm{layers: 2}", "model-option-unknown")]
    public void Options_out_of_range_are_refused(string model, string code) =>
        Should.Throw<ForecastException>(() => ModelCatalogue.Default.Create(model)).Code.ShouldBe(code);

    private static IFittedForecaster Fit(PanelView view, ulong seed = 1) => ModelCatalogue.Default.Create(Tiny).Fit(view, Task, Context with { Seed = seed });

    private static double[] Means(IFittedForecaster fitted)
    {
        var law = fitted.Predict(KnownFuture.None, 4, 1)["a"];
        return [.. Enumerable.Range(1, 4).Select(h => law.Mean(h))];
    }

    private static PanelView Waves() => TestPanels.View(Frequency.Daily, ("a", Wave(200, 0)), ("b", Wave(200, 1)));

    private static double[] Wave(int rows, int phase)
    {
        var random = new RandomSource(40 + (ulong)phase);
        return [.. Enumerable.Range(0, rows).Select(t => 10 + (3 * Math.Sin((2 * Math.PI * t / 12) + phase)) + (0.3 * random.NextNormal()))];
    }

    private static double[] Logistic(int rows, double start)
    {
        var values = new double[rows];
        var x = start;
        for (var t = 0; t < rows; t++)
        {
            values[t] = (5 * x) + 100;
            x = 3.9 * x * (1 - x);
        }

        return values;
    }
}
