using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Core.Time;
using Forecast.Models.Catalogue;
using Forecast.Models.Ttm;

namespace Forecast.Models.Tests.Ttm;

/// <summary>The model of the catalogue: zero-shot, fitted further, from nothing; on a small network of random weights.</summary>
public sealed class TtmForecasterTests : IDisposable
{
    private readonly SmallWeights _weights = new();

    public void Dispose() => _weights.Dispose();

    [Fact]
    public void Zero_shot_is_the_network_in_the_units_of_the_series()
    {
        var y = Wave(60);
        var unit = TtmUnit.Of(y);
        using var network = TtmCheckpoint.Open(_weights.Folder);
        using var past = TorchSharp.torch.tensor(y[^24..].Select(v => (float)((v - unit.Mean) / unit.Deviation)).ToArray(), [1, 24, 1]);
        var z = network.Run(new TtmInput(past)).Forecast.data<float>().ToArray();
        Means(TestPanels.FitAndPredict(Model(""), y)).ShouldBe(z.Take(6).Select(v => unit.Mean + (unit.Deviation * v)).ToArray(), 1e-9);
    }

    [Fact]
    public void Fits_that_go_through_the_network_together_get_what_they_get_alone_each_in_its_unit()
    {
        var model = Model("");
        var fits = Enumerable.Range(0, 5).Select(i => (IJointPredictor)model.Fit(TestPanels.View([.. Wave(12 + (20 * i)).Select(v => (v * Math.Pow(10, i)) - i)]), TestPanels.SixSteps, TestPanels.Context)).ToArray();
        fits.ShouldAllBe(f => ReferenceEquals(f.Weights, fits[0].Weights));
        var together = fits[2].PredictTogether(fits, 20);
        for (var i = 0; i < fits.Length; i++)
        {
            var (alone, joint) = (fits[i].Predict(KnownFuture.None, 20, 1)["s"], together[i]["s"]);
            for (var h = 1; h <= 20; h++) joint.Mean(h).ShouldBe(alone.Mean(h), 1e-5 * 5 * Math.Pow(10, i));
        }
    }

    [Fact]
    public void Level_and_unit_of_the_series_are_those_of_the_forecast()
    {
        var y = Wave(60);
        var plain = Means(TestPanels.FitAndPredict(Model(""), y));
        var other = Means(TestPanels.FitAndPredict(Model(""), [.. y.Select(v => 1e6 + (1e-3 * v))]));
        for (var h = 0; h < plain.Length; h++) ((other[h] - 1e6) / 1e-3).ShouldBe(plain[h], 1e-3);
    }

    [Fact]
    public void A_point_forecast_denies_quantiles()
    {
        var law = TestPanels.FitAndPredict(Model(""), Wave(60));
        law.TryQuantile(1, 0.5, out _).ShouldBeFalse();
        law.Marginal(1).TryCrps(0, out _).ShouldBeFalse();
        var error = Should.Throw<ForecastException>(() => law.Quantile(1, 0.1, "ttm"));
        error.Code.ShouldBe("level-unavailable");
        error.Message.ShouldContain("points only");
    }

    [Fact]
    public void Rows_before_the_context_change_nothing_but_the_unit_of_the_fit()
    {
        var y = Wave(60);
        var model = Model("");
        var fitted = model.Fit(TestPanels.View(y), TestPanels.SixSteps, TestPanels.Context);
        var other = (double[])y.Clone();
        for (var t = 0; t < 36; t++) other[t] = -99;
        Means(fitted.Condition(TestPanels.View(other)).Predict(KnownFuture.None, 6, 1)["s"]).ShouldBe(Means(fitted.Predict(KnownFuture.None, 6, 1)["s"]));
    }

    [Fact]
    public void A_short_series_counts_the_rows_before_it_as_missing()
    {
        var y = Wave(60);
        var model = Model("");
        var fitted = model.Fit(TestPanels.View(y), TestPanels.SixSteps, TestPanels.Context);
        var gaps = (double[])y.Clone();
        for (var t = 0; t < 50; t++) gaps[t] = double.NaN;
        Means(fitted.Condition(TestPanels.View(y[50..])).Predict(KnownFuture.None, 6, 1)["s"]).ShouldBe(Means(fitted.Condition(TestPanels.View(gaps)).Predict(KnownFuture.None, 6, 1)["s"]));
    }

    [Fact]
    public void A_window_that_does_not_move_is_forecast_at_its_level()
    {
        double[] y = [.. Wave(36), .. Enumerable.Repeat(42.5, 24)];
        Means(TestPanels.FitAndPredict(Model(""), y)).ShouldAllBe(m => m == 42.5);
    }

    [Fact]
    public void Beyond_its_horizon_it_feeds_its_forecasts_back()
    {
        var y = Wave(60);
        var model = Model("");
        var fitted = model.Fit(TestPanels.View(y), TestPanels.SixSteps, TestPanels.Context);
        var all = Means(fitted.Predict(KnownFuture.None, 20, 1)["s"]);
        var first = Means(fitted.Predict(KnownFuture.None, 8, 1)["s"]);
        all[..8].ShouldBe(first);
        var next = Means(fitted.Condition(TestPanels.View([.. y, .. first])).Predict(KnownFuture.None, 8, 1)["s"]);
        for (var h = 0; h < 8; h++) all[8 + h].ShouldBe(next[h], 1e-4);
    }

    [Fact]
    public void A_series_without_observation_fails_and_the_others_do_not()
    {
        var view = TestPanels.View(Frequency.Hourly, ("full", Wave(60)), ("empty", [.. Enumerable.Repeat(double.NaN, 60)]));
        var prediction = Model("").Fit(view, TestPanels.SixSteps, TestPanels.Context).Predict(KnownFuture.None, 6, 1);
        prediction.Distributions.Keys.ShouldBe(["full"]);
        prediction.Failures["empty"].Code.ShouldBe("series-empty");
    }

    [Theory]
    [InlineData("head")]
    [InlineData("decoder")]
    [InlineData("all")]
    public void Tuning_changes_the_chosen_part_and_no_other(string tune)
    {
        var fitted = (TtmFitted)Model($"tune: {tune}, epochs: 2, steps: 5, batch: 8").Fit(TestPanels.View(Wave(120)), TestPanels.SixSteps, TestPanels.Context);
        using var before = TtmCheckpoint.Open(_weights.Folder);
        var old = before.state_dict();
        var changed = fitted.Network.state_dict().Where(s => !s.Value.Equals(old[s.Key])).Select(s => s.Key.Split('.')[0]).Distinct().Order(StringComparer.Ordinal);
        string[] wanted = tune switch { "head" => ["head"], "decoder" => ["decoder", "head"], _ => ["backbone", "decoder", "head"] };
        changed.ShouldBe(wanted);
    }

    [Fact]
    public void Blended_weights_stand_between_the_published_and_the_fitted_ones()
    {
        TtmFitted Fit(string blend) => (TtmFitted)Model($"tune: decoder, {blend}epochs: 2, steps: 5, batch: 8, validation: 0, learning_rate: 0.01").Fit(TestPanels.View(Wave(120)), TestPanels.SixSteps, TestPanels.Context);
        using var before = TtmCheckpoint.Open(_weights.Folder);
        var (old, whole, usual, half) = (before.state_dict(), Fit("blend: 1, ").Network.state_dict(), Fit("").Network.state_dict(), Fit("blend: 0.5, ").Network.state_dict());
        const string Name = "head.base_forecast_block.weight";
        float[] At(Dictionary<string, TorchSharp.torch.Tensor> state) => state[Name].data<float>().ToArray();
        var (a, b) = (At(old), At(whole));
        a.Zip(b, (x, y) => Math.Abs(x - y)).Max().ShouldBeGreaterThan(1e-3f);
        foreach (var (share, given) in new[] { (0.5f, At(half)), (0.75f, At(usual)) })
        {
            for (var i = 0; i < a.Length; i++) given[i].ShouldBe(a[i] + (share * (b[i] - a[i])), 1e-6f);
        }
    }

    [Fact]
    public void Tuning_learns_what_random_weights_do_not_know()
    {
        var y = Wave(300);
        double Error(IForecaster model) => Means(TestPanels.FitAndPredict(model, y[..^6])).Select((m, h) => Math.Abs(m - y[^(6 - h)])).Average();
        Error(Model("tune: all, epochs: 15, batch: 16, learning_rate: 0.01")).ShouldBeLessThan(0.5 * Error(Model("")));
    }

    [Fact]
    public void Quantiles_do_not_cross_and_lie_around_the_median()
    {
        var law = TestPanels.FitAndPredict(Model("tune: head, quantiles: true, epochs: 2, steps: 5, batch: 8"), Wave(120));
        for (var h = 1; h <= 6; h++)
        {
            double[] levels = [0.05, 0.1, 0.5, 0.9, 0.95];
            var values = levels.Select(l => law.Quantile(h, l, "ttm")).ToArray();
            values.ShouldBeInOrder(SortDirection.Ascending);
            values[^1].ShouldBeGreaterThan(values[0]);
        }

        law.TryQuantile(1, 0.01, out _).ShouldBeFalse();
    }

    [Fact]
    public void Quantiles_cannot_be_fed_back()
    {
        var model = Model("tune: head, quantiles: true, epochs: 1, steps: 1, batch: 8");
        Should.Throw<ForecastException>(() => model.Fit(TestPanels.View(Wave(120)), new ForecastTask(9, ForecastTask.DefaultLevels), TestPanels.Context)).Code.ShouldBe("horizon-too-long");
    }

    [Theory]
    [InlineData("")]
    [InlineData("tune: head, quantiles: true, epochs: 1, steps: 2, batch: 8")]
    public void A_saved_fit_forecasts_the_same(string options)
    {
        var model = Model(options);
        var view = TestPanels.View(Wave(120));
        var fitted = model.Fit(view, TestPanels.SixSteps, TestPanels.Context);
        var again = TestPanels.Reload(model, fitted).Condition(view);
        Means(again.Predict(KnownFuture.None, 6, 1)["s"]).ShouldBe(Means(fitted.Predict(KnownFuture.None, 6, 1)["s"]));
    }

    [Fact]
    public void A_zero_shot_fit_is_not_loaded_onto_other_weights()
    {
        var fitted = Model("").Fit(TestPanels.View(Wave(60)), TestPanels.SixSteps, TestPanels.Context);
        using var others = new SmallWeights(context: 32);
        Should.Throw<ForecastException>(() => TestPanels.Reload(ModelCatalogue.Default.Create($"ttm{{weights: {others.Folder}}}"), fitted)).Code.ShouldBe("weights-other");
    }

    [Fact]
    public void The_same_seed_gives_the_same_fit()
    {
        double[] Fit() => Means(TestPanels.FitAndPredict(Model("tune: all, quantiles: true, epochs: 2, steps: 3, batch: 8"), Wave(120)));
        Fit().ShouldBe(Fit());
    }

    [Fact]
    public void Few_shot_learns_from_the_latest_share_of_windows()
    {
        // Without validation 300 - 24 - 6 + 1 = 271 windows; a twentieth of them are 14, two batches of 7 an epoch.
        var y = Wave(300);
        var other = (double[])y.Clone();
        for (var t = 0; t < 200; t++) other[t] = y[(t + 40) % 200];  // same mean and deviation, other early windows
        var model = Model("tune: head, share: 0.05, validation: 0, epochs: 1, batch: 7");
        var (a, b) = (TestPanels.FitAndPredict(model, y), TestPanels.FitAndPredict(model, other));
        for (var h = 1; h <= 6; h++) b.Mean(h).ShouldBe(a.Mean(h), 1e-5);
    }

    [Theory]
    [InlineData("ttm{weights: nobody/nothing}", "weights-missing", "forecast pull nobody/nothing")]
    [InlineData("ttm{weights: /no/such/folder/anywhere}", "weights-missing", "there is no folder")]
    public void Missing_weights_say_how_to_get_them(string model, string code, string hint)
    {
        var error = Should.Throw<ForecastException>(() => TestPanels.FitAndPredict(ModelCatalogue.Default.Create(model), Wave(60)));
        error.Code.ShouldBe(code);
        error.Message.ShouldContain(hint);
    }

    [Theory]
    [InlineData("ttm{weights: none}", "tune-invalid")]
    [InlineData("ttm{quantiles: true}", "tune-invalid")]
    [InlineData("ttm{share: 0}", "share-invalid")]
    [InlineData("ttm{context: 48}", "context-invalid")]
    [InlineData("ttm{validation: 0.9}", "validation-invalid")]
    [InlineData("ttm{tune: head, blend: 0}", "blend-invalid")]
    [InlineData("ttm{weights: none, tune: all, blend: 0.5}", "blend-invalid")]
    public void Options_that_contradict_one_another_are_refused(string model, string code) =>
        Should.Throw<ForecastException>(() => ModelCatalogue.Default.Create(model)).Code.ShouldBe(code);

    [Fact]
    public void Weights_that_mix_channels_are_refused()
    {
        using var mixing = new SmallWeights(extra: ", \"decoder_mode\": \"mix_channel\", \"num_input_channels\": 3");
        Should.Throw<ForecastException>(() => TestPanels.FitAndPredict(ModelCatalogue.Default.Create($"ttm{{weights: {mixing.Folder}}}"), Wave(60))).Code.ShouldBe("weights-channels");
    }

    [Fact]
    public void From_nothing_it_learns_a_wave()
    {
        var y = Wave(400);
        var law = TestPanels.FitAndPredict(ModelCatalogue.Default.Create("ttm{weights: none, tune: all, context: 48, width: 16, epochs: 10, batch: 32, learning_rate: 0.005}"), y[..^6]);
        Means(law).Select((m, h) => Math.Abs(m - y[^(6 - h)])).Average().ShouldBeLessThan(2);
    }

    private IForecaster Model(string options) => ModelCatalogue.Default.Create($"ttm{{weights: {_weights.Folder}{(options.Length > 0 ? ", " + options : "")}}}");

    private static double[] Wave(int rows) => [.. Enumerable.Range(0, rows).Select(t => 50 + (10 * Math.Sin(2 * Math.PI * t / 12.0)))];

    private static double[] Means(Forecast.Core.Distributions.PredictiveDistribution law) => [.. Enumerable.Range(1, law.Horizon).Select(h => law.Mean(h))];
}
