using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;
using Forecast.Models.Tests.Training;
using Forecast.Models.Tirex;
using Forecast.Models.Weights;
using static TorchSharp.torch;

namespace Forecast.Models.Tests.Tirex;

/// <summary>The model of the catalogue, on the small weights of the published container (context 96, patches of 16, five levels).</summary>
public sealed class TirexTests : IDisposable
{
    private const double Close = 2e-5;

    private readonly string _folder = Directory.CreateTempSubdirectory("tirex").FullName;

    public TirexTests() => File.Copy(Repository.At("tests", "data", "golden", "tirex_b_two_heads.ckpt"), Path.Combine(_folder, "model.ckpt"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_gives_the_authors_forecasts_whatever_the_context()
    {
        using var golden = WeightFile.Open(Repository.At("tests", "data", "golden", "tirex_b_two_heads.safetensors"));
        foreach (var name in new[] { "a_short", "b_full", "c_long", "d_nan" })
        {
            using var scope = NewDisposeScope();
            var context = golden[$"golden.input.context_{name}"].ToTensor();
            var wanted = golden[$"golden.output.f32.context_{name}.h40_r4.quantiles"].ToTensor();
            var series = Enumerable.Range(0, (int)context.shape[0]).Select(i => ($"s{i}", context[i].data<float>().ToArray().Select(v => (double)v).ToArray())).ToArray();
            var given = Predict(Model("patches: 4"), 40, series);
            for (var i = 0; i < series.Length; i++)
            {
                if (series[i].Item2.All(double.IsNaN))
                {
                    given.Failures[$"s{i}"].Code.ShouldBe("series-empty");
                    continue;
                }

                var sorted = wanted[i].sort(-1).Item1.data<float>().ToArray();
                var largest = sorted.Max(Math.Abs);
                double[] levels = [0.05, 0.25, 0.5, 0.75, 0.95];
                for (var at = 0; at < sorted.Length; at++)
                {
                    given[$"s{i}"].Marginal((at / 5) + 1).TryQuantile(levels[at % 5], out var value).ShouldBeTrue();
                    value.ShouldBe(sorted[at], Close * largest, $"{name}, series {i}, step {at / 5}");
                }
            }
        }
    }

    [Fact]
    public void Levels_between_the_trained_ones_are_linear_and_others_are_denied()
    {
        var law = Predict(Model(), 3, ("s", Wave(90)))["s"].Marginal(2);
        double At(double level) => law.TryQuantile(level, out var value) ? value : double.NaN;
        At(0.4).ShouldBe(At(0.25) + (0.15 / 0.25 * (At(0.5) - At(0.25))), 1e-9);
        At(0.01).ShouldBe(double.NaN);
        At(0.99).ShouldBe(double.NaN);
    }

    [Fact]
    public void Series_forecast_together_or_alone_are_the_same()
    {
        (string, double[])[] series = [("a", Wave(1)), ("b", Wave(17)), ("c", Wave(96)), ("d", Wave(300))];
        var together = Predict(Model(), 20, series);
        foreach (var (id, values) in series)
        {
            var alone = Predict(Model("batch: 1"), 20, (id, values));
            for (var h = 1; h <= 20; h++) together[id].Marginal(h).Mean.ShouldBe(alone[id].Marginal(h).Mean, 1e-5);
        }
    }

    [Fact]
    public void Only_the_last_rows_of_the_context_are_read()
    {
        var whole = Wave(300);
        var a = Predict(Model(), 5, ("s", whole))["s"];
        var b = Predict(Model(), 5, ("s", whole[^96..]))["s"];
        for (var h = 1; h <= 5; h++) a.Marginal(h).Mean.ShouldBe(b.Marginal(h).Mean);
    }

    [Fact]
    public void A_series_far_from_zero_keeps_its_digits()
    {
        var near = Predict(Model(), 4, ("s", Wave(96)))["s"];
        var far = Predict(Model(), 4, ("s", [.. Wave(96).Select(v => v + 1e9)]))["s"];
        for (var h = 1; h <= 4; h++) (far.Marginal(h).Mean - 1e9).ShouldBe(near.Marginal(h).Mean, 1e-3);
    }

    [Fact]
    public void A_saved_model_stands_on_the_same_weights_or_refuses()
    {
        var model = Model();
        var history = TestPanels.View(Wave(60));
        var fitted = model.Fit(history, TestPanels.SixSteps, Here);
        var again = TestPanels.Reload(model, fitted).Condition(history);
        again.Predict(KnownFuture.None, 6, 1)["s"].Marginal(6).Mean.ShouldBe(fitted.Predict(KnownFuture.None, 6, 1)["s"].Marginal(6).Mean, 1e-6);
        Should.Throw<ForecastException>(() => TestPanels.Reload(ModelCatalogue.Default.Create("tirex{weights: random, width: 8, blocks: 1, context: 32}"), fitted)).Code.ShouldBe("weights-other");
    }

    [Fact]
    public void Without_weights_it_says_how_to_fetch_them()
    {
        var error = Should.Throw<ForecastException>(() => ModelCatalogue.Default.Create("tirex{weights: nobody-here/nothing}").Fit(TestPanels.View(Wave(60)), TestPanels.SixSteps, Here));
        error.Code.ShouldBe("weights-missing");
        error.Message.ShouldContain("forecast pull nobody-here/nothing");
        new TirexOptions().Weights.ShouldBe("NX-AI/TiRex");
    }

    [Theory]
    [InlineData("tirex{weights: random, width: 30}", "multiple of 4")]
    [InlineData("tirex{weights: random, context: 33}", "multiple of 32")]
    [InlineData("tirex{blocks: 2}", "random only")]
    public void Sizes_that_cannot_be_are_refused(string model, string what) =>
        Should.Throw<ForecastException>(() => ModelCatalogue.Default.Create(model)).Message.ShouldContain(what);

    [Theory]
    [InlineData("""{"input_patch_size": 8, "block_kwargs": {"embedding_dim": 10, "num_heads": 4, "num_blocks": 1}, "input_ff_dim": 8}""", "num_heads")]
    [InlineData("""{"input_patch_size": 8, "output_patch_size": 4, "block_kwargs": {"embedding_dim": 8, "num_heads": 4, "num_blocks": 1}, "input_ff_dim": 8}""", "output_patch_size")]
    [InlineData("""{"input_patch_size": 8, "input_ff_dim": 8}""", "block_kwargs")]
    [InlineData("""{"input_patch_size": 8, "quantiles": [0.5, 0.2], "block_kwargs": {"embedding_dim": 8, "num_heads": 4, "num_blocks": 1}, "input_ff_dim": 8}""", "quantiles")]
    [InlineData("""{"input_patch_size": 7, "block_kwargs": {"embedding_dim": 8, "num_heads": 4, "num_blocks": 1}, "input_ff_dim": 8}""", "train_ctx_len")]
    public void Configurations_that_cannot_be_name_the_key(string json, string key)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json);
        var error = Should.Throw<ForecastException>(() => TirexConfig.Read(document.RootElement, "here"));
        error.Code.ShouldBe("tirex-config");
        error.Message.ShouldContain(key);
    }

    private static FitContext Here => TestPanels.Context with { Device = TestDevice.Name };

    private static double[] Wave(int rows) => [.. Enumerable.Range(0, rows).Select(t => 5 + Math.Sin(t / 3.0) + (0.1 * (t % 7)))];

    private IForecaster Model(string more = "") => ModelCatalogue.Default.Create($"tirex{{weights: {_folder}{(more.Length > 0 ? ", " + more : "")}}}");

    private static PanelPrediction Predict(IForecaster model, int horizon, params (string, double[])[] series) =>
        model.Fit(TestPanels.View(Frequency.Index, series), TestPanels.SixSteps, Here).Predict(KnownFuture.None, horizon, 7);
}
