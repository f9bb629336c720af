using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Distributions;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;

namespace Forecast.Models.Tests.Smetimes;

/// <summary>The model of the catalogue, on the language model that ships.</summary>
public sealed class SmetimesForecasterTests
{
    private const string Small = "segment: 6, segments: 3, stride: 6, batch: 8";
    private const string Quick = $"{Small}, epochs: 2, steps: 4";

    [Theory]
    [InlineData("smetimes", "prompts: published")]
    [InlineData("autotimes", "")]
    [InlineData("no-llm", "")]
    public void Each_preset_learns_a_season(string preset, string more)
    {
        var y = Wave(200);
        var options = $"preset: {preset}, segment: 6, segments: 4, stride: 2, batch: 16, epochs: 12, steps: 20, learning_rate: 0.01{(more.Length > 0 ? ", " + more : "")}";
        var law = TestPanels.FitAndPredict(Model(options), y[..^6]);
        Means(law).Select((m, h) => Math.Abs(m - y[^(6 - h)])).Average().ShouldBeLessThan(2);
    }

    [Theory]
    [InlineData("smetimes")]
    [InlineData("autotimes")]
    public void Level_and_unit_of_the_series_are_those_of_the_forecast(string preset)
    {
        var y = Wave(80);
        var plain = Means(TestPanels.FitAndPredict(Model($"preset: {preset}, {Quick}"), y));
        var other = Means(TestPanels.FitAndPredict(Model($"preset: {preset}, {Quick}"), [.. y.Select(v => 1e6 + (1e-3 * v))]));
        for (var h = 0; h < plain.Length; h++) ((other[h] - 1e6) / 1e-3).ShouldBe(plain[h], 1e-3);
    }

    [Fact]
    public void Forecast_segments_are_fed_back_and_may_end_anywhere()
    {
        var fitted = Model(Quick).Fit(TestPanels.View(Wave(120)), new ForecastTask(20, ForecastTask.DefaultLevels), TestPanels.Context);
        var all = Means(fitted.Predict(KnownFuture.None, 20, 1)["s"]);
        Means(fitted.Predict(KnownFuture.None, 7, 1)["s"]).ShouldBe(all[..7]);
        all[6..].ShouldAllBe(v => double.IsFinite(v));
        Should.Throw<ForecastException>(() => fitted.Predict(KnownFuture.None, 21, 1)).Code.ShouldBe("horizon-too-long");
    }

    [Fact]
    public void Quantiles_ascend_around_the_forecast()
    {
        var law = TestPanels.FitAndPredict(Model(Quick), Wave(120));
        for (var h = 1; h <= 6; h++)
        {
            double[] levels = [0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95];
            var values = levels.Select(l => law.Quantile(h, l, "smetimes")).ToArray();
            values.ShouldBeInOrder(SortDirection.Ascending);
            (values[0] + values[^1]).ShouldBe(2 * values[3], 1e-9);
            values[^1].ShouldBeGreaterThan(values[3]);
        }
    }

    [Fact]
    public void A_window_that_does_not_move_is_forecast_at_its_level_for_certain()
    {
        double[] y = [.. Wave(60), .. Enumerable.Repeat(42.5, 18)];
        var law = TestPanels.FitAndPredict(Model(Quick), y);
        for (var h = 1; h <= 6; h++) (law.Quantile(h, 0.05, "smetimes"), law.Quantile(h, 0.95, "smetimes")).ShouldBe((42.5, 42.5));
    }

    [Fact]
    public void Short_series_are_read_in_fewer_segments_and_empty_ones_fail_alone()
    {
        var view = TestPanels.View(Frequency.Hourly, ("full", Wave(120)), ("short", Wave(13)), ("shorter", Wave(5)), ("empty", [.. Enumerable.Repeat(double.NaN, 60)]));
        var prediction = Model(Quick).Fit(view, TestPanels.SixSteps, TestPanels.Context).Predict(KnownFuture.None, 6, 1);
        prediction.Distributions.Keys.Order(StringComparer.Ordinal).ShouldBe(["full", "short"]);
        prediction.Failures["shorter"].Code.ShouldBe("series-too-short");
        prediction.Failures["empty"].Code.ShouldBe("series-empty");
    }

    [Theory]
    [InlineData("smetimes")]
    [InlineData("no-llm")]
    public void A_saved_fit_forecasts_the_same(string preset)
    {
        var model = Model($"preset: {preset}, {Quick}");
        var view = TestPanels.View(Wave(120));
        var fitted = model.Fit(view, TestPanels.SixSteps, TestPanels.Context);
        var again = TestPanels.Reload(model, fitted).Condition(view);
        Quantiles(again.Predict(KnownFuture.None, 6, 1)["s"]).ShouldBe(Quantiles(fitted.Predict(KnownFuture.None, 6, 1)["s"]));
    }

    [Fact]
    public void The_same_seed_gives_the_same_fit_and_another_one_another()
    {
        double[] Fit(ulong seed) => Means(Model(Quick).Fit(TestPanels.View(Wave(120)), TestPanels.SixSteps, TestPanels.Context with { Seed = seed }).Predict(KnownFuture.None, 6, 1)["s"]);
        Fit(1).ShouldBe(Fit(1));
        Fit(2).ShouldNotBe(Fit(1));
    }

    [Fact]
    public void A_note_about_the_horizon_changes_the_forecast_and_one_known_later_does_not()
    {
        var y = Wave(120);
        var times = TestPanels.Times(Frequency.Hourly, 126);
        var plain = TimeSeries.Univariate("s", Frequency.Hourly, times[..120], y);
        PanelView Standing(params Note[] notes) => new Panel([plain.WithNotes(notes)]).AsOf(times[119]);
        var fitted = Model(Quick).Fit(Standing(), TestPanels.SixSteps, TestPanels.Context);
        double[] Forecast(PanelView view) => Means(fitted.Condition(view).Predict(KnownFuture.None, 6, 1)["s"]);
        var without = Forecast(Standing());
        Forecast(Standing(new Note(times[119], times[120], times[125], "a holiday, demand halves"))).ShouldNotBe(without);
        Forecast(Standing(new Note(times[120], times[120], times[125], "a holiday, demand halves"))).ShouldBe(without);
        Forecast(Standing(new Note(times[0], times[3], times[4], "long ago"))).ShouldBe(without);
    }

    [Theory]
    [InlineData("preset: no-llm, prompts: full", "prompts-invalid")]
    [InlineData("preset: no-llm, width: 12", "width-invalid")]
    [InlineData("segments: 0", "segments-invalid")]
    [InlineData("validation: 0.9", "validation-invalid")]
    [InlineData("dropout: 1", "dropout-invalid")]
    public void Options_that_cannot_be_are_refused(string options, string code) =>
        Should.Throw<ForecastException>(() => Model(options)).Code.ShouldBe(code);

    [Fact]
    public void A_folder_without_a_language_model_is_refused() =>
        Should.Throw<ForecastException>(() => TestPanels.FitAndPredict(Model($"weights: {Path.GetTempPath()}, {Quick}"), Wave(120))).Code.ShouldBe("tokenizer-missing");

    private static IForecaster Model(string options) => ModelCatalogue.Default.Create($"smetimes{{{options}}}");

    private static double[] Wave(int rows) => [.. Enumerable.Range(0, rows).Select(t => 50 + (10 * Math.Sin(2 * Math.PI * t / 12.0)) + (0.3 * Math.Sin(t * t)))];

    private static double[] Means(PredictiveDistribution law) => [.. Enumerable.Range(1, law.Horizon).Select(h => law.Quantile(h, 0.5, "smetimes"))];

    private static double[] Quantiles(PredictiveDistribution law) => [.. Enumerable.Range(1, law.Horizon).SelectMany(h => new[] { 0.1, 0.5, 0.9 }.Select(l => law.Quantile(h, l, "smetimes")))];
}
