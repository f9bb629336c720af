using Forecast.Backtest.Wrappers.Auto;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using static Forecast.Backtest.Tests.Wrappers.WrapperData;

namespace Forecast.Backtest.Tests.Wrappers;

public sealed class AutoTests
{
    private const string Candidates = "auto(naive, mean, drift, seasonal-naive(6), arima(1,0,0)){keep: 1}";

    /// <summary>Candidates of which only one is the law of the series: a walk is also an AR(1) and a walk with drift, noise an AR(1).</summary>
    public static TheoryData<string, string, string> Families => new()
    {
        { "noise", "mean", "auto(naive, mean, drift, seasonal-naive(6)){keep: 1}" },
        { "walk", "naive", "auto(naive, mean, seasonal-naive(6)){keep: 1}" },
        { "trend", "drift", Candidates },
        { "season", "seasonal-naive(6)", Candidates },
        { "alternating", "arima(1,0,0)", Candidates },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public void The_family_that_made_the_series_is_chosen(string kind, string family, string candidates)
    {
        var chosen = Enumerable.Range(1, 10).Select(seed => Chosen(Fit(candidates, Made(kind, (ulong)seed)))).ToArray();
        chosen.Count(c => string.Equals(c, family, StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(9, string.Join(", ", chosen));
    }

    [Fact]
    public void The_forecast_is_the_chosen_models_own()
    {
        var values = Made("trend", 1);
        Law(Candidates, values).Numbers().ShouldBe(Law("drift", values).Numbers());
    }

    [Fact]
    public void The_best_few_are_averaged_by_their_inverse_squared_losses()
    {
        string[] models = ["naive", "mean", "drift", "seasonal-naive(6)", "arima(1,0,0)"];
        var values = Made("walk", 3);
        var fitted = Fit($"auto({string.Join(", ", models)}){{keep: 3}}", values);
        var summary = fitted.Summaries["y"];
        var losses = Enumerable.Range(1, 5).ToDictionary(i => i, i => summary.Criteria[$"mae{i}"]);
        int[] best = [.. losses.OrderBy(l => l.Value).Take(3).Select(l => l.Key)];
        var total = best.Sum(i => 1 / (losses[i] * losses[i]));
        var law = fitted.Predict(KnownFuture.None, 3, 7)["y"];
        double[] means = new double[3], medians = new double[3];
        foreach (var i in best)
        {
            var weight = summary.Parameters[$"weight{i}"];
            weight.ShouldBe(1 / (losses[i] * losses[i]) / total, 1e-12);
            var own = Law(models[i - 1], values);
            for (var h = 1; h <= 3; h++)
            {
                means[h - 1] += weight * own.Mean(h);
                medians[h - 1] += weight * own.Quantile(h, 0.5, "own");
            }
        }

        summary.Parameters.Keys.Count(k => k.StartsWith("weight", StringComparison.Ordinal)).ShouldBe(3);
        for (var h = 1; h <= 3; h++)
        {
            law.Mean(h).ShouldBe(means[h - 1], 1e-9);
            law.Quantile(h, 0.5, "auto").ShouldBe(medians[h - 1], 1e-9);
        }

        law.TryPaths(2000, out var paths).ShouldBeTrue();
        Enumerable.Range(0, 2000).Average(path => paths[path, 1]).ShouldBe(law.Mean(1), 0.2);
        summary.Notes[0].ShouldStartWith("kept: ");
    }

    [Fact]
    public void Candidates_without_any_loss_leave_none_to_the_others()
    {
        double[] season = [.. Enumerable.Range(0, 60).Select(t => (double)(t % 6))];
        Chosen(Fit("auto(naive, seasonal-naive(6), mean)", season)).ShouldBe("seasonal-naive(6)");
        var two = Fit("auto(seasonal-naive(12), naive, seasonal-naive(6))", season).Summaries["y"].Parameters;
        (two["weight1"], two["weight3"]).ShouldBe((0.5, 0.5));
        two.ContainsKey("weight2").ShouldBeFalse();
    }

    [Fact]
    public void Save_load_and_condition_keep_several_and_their_weights()
    {
        const string Several = "auto(naive, mean, drift, seasonal-naive(6)){keep: 3}";
        var values = Made("season", 4);
        var fitted = Fit(Several, values[..110]);
        var expected = fitted.Condition(View(values)).Predict(KnownFuture.None, 3, 9)["y"].Numbers();
        Reload(Several, fitted).Condition(View(values)).Predict(KnownFuture.None, 3, 9)["y"].Numbers().ShouldBe(expected);
    }

    [Fact]
    public void Nothing_to_keep_is_refused() => Should.Throw<ForecastException>(() => new AutoOptions { Keep = 0 }.Validated()).Code.ShouldBe("keep-invalid");

    [Fact]
    public void Each_series_has_its_own_choice_the_same_alone_and_in_company()
    {
        var panel = Panel(("t", Made("trend", 1)), ("s", Made("season", 1)));
        var fitted = Model(Candidates).Fit(panel.AsOf(TestData.Day(119)), ThreeSteps, Context);
        Chosen(fitted, "t").ShouldBe("drift");
        Chosen(fitted, "s").ShouldBe("seasonal-naive(6)");
        fitted.Predict(KnownFuture.None, 3, 7)["t"].Numbers().ShouldBe(Law("drift", Made("trend", 1)).Numbers());
        fitted.Predict(KnownFuture.None, 3, 7)["s"].Numbers().ShouldBe(Law("seasonal-naive(6)", Made("season", 1)).Numbers());
    }

    [Fact]
    public void A_grid_is_tuned()
    {
        var fitted = Fit("auto(seasonal-naive(4|5|6|7)){keep: 1}", Made("season", 2));
        Chosen(fitted).ShouldBe("seasonal-naive(6)");
        fitted.Summaries["y"].Criteria["mae3"].ShouldBe(new[] { 1, 2, 3, 4 }.Min(i => fitted.Summaries["y"].Criteria[$"mae{i}"]));
    }

    [Theory]
    [InlineData("theta", "theta")]
    [InlineData("linear-ar(4|8){ridge: 0.1|1}", "linear-ar(4){ridge: 0.1};linear-ar(4){ridge: 1};linear-ar(8){ridge: 0.1};linear-ar(8){ridge: 1}")]
    [InlineData("stl(naive|drift)[6|12]", "stl(naive)[6];stl(naive)[12];stl(drift)[6];stl(drift)[12]")]
    [InlineData("arima(0|1,1,1)", "arima(0,1,1);arima(1,1,1)")]
    [InlineData("naive|drift", "naive;drift")]
    public void A_grid_stands_for_every_combination(string text, string models) => CandidateGrid.Expand(text).ShouldBe(models.Split(';'));

    [Theory]
    [InlineData("linear-ar(4|)", "grid-invalid")]
    [InlineData("stl(arima(1,0,0)|naive)[6]", "grid-invalid")]
    [InlineData("m(1|2|3|4|5|6,1|2|3|4|5|6,1|2|3|4|5|6)", "grid-too-large")]
    public void A_grid_that_is_none_is_refused(string text, string code) => Should.Throw<ForecastException>(() => CandidateGrid.Expand(text)).Code.ShouldBe(code);

    [Fact]
    public void A_candidate_that_cannot_work_drops_out_with_its_reason()
    {
        double[] values = [.. Noise(60, 1).Select((v, t) => t == 50 ? -1 : v)];
        var fitted = Fit("auto(mean{log: true}, mean)", values);
        Chosen(fitted).ShouldBe("mean");
        fitted.Summaries["y"].Notes.ShouldContain(n => n.StartsWith("candidate 1, mean{log: true}, dropped out: series 'y' row 50", StringComparison.Ordinal));
        var error = Should.Throw<ForecastException>(() => Fit("auto(naive{log: true}, mean{log: true})", values));
        error.Code.ShouldBe("transform-not-positive");
        error.Message.ShouldContain("none of the 2 candidates");
    }

    [Theory]
    [InlineData("mae")]
    [InlineData("rmse")]
    [InlineData("smape")]
    [InlineData("pinball")]
    public void Every_metric_chooses(string metric) => Chosen(Fit($"auto(mean, drift){{metric: {metric}, keep: 1, refit: every:2, folds: 4}}", Made("trend", 3))).ShouldBe("drift");

    [Fact]
    public void Save_load_and_condition_keep_the_choice()
    {
        var values = Made("season", 4);
        var fitted = Fit(Candidates, values[..110]);
        var expected = fitted.Condition(View(values)).Predict(KnownFuture.None, 3, 9)["y"].Numbers();
        Reload(Candidates, fitted).Condition(View(values)).Predict(KnownFuture.None, 3, 9)["y"].Numbers().ShouldBe(expected);
    }

    [Fact]
    public void Local_and_global_candidates_can_be_chosen_side_by_side()
    {
        var panel = Panel(("t", Made("trend", 1)), ("a", Made("alternating", 1)));
        var model = Model("auto(drift, linear-ar(4){scope: global}){keep: 1}");
        model.Scope.ShouldBe(FitScope.Global);
        var fitted = model.Fit(panel.AsOf(TestData.Day(119)), ThreeSteps, Context);
        Chosen(fitted, "a").ShouldBe("linear-ar(4){scope: global}");
        fitted.Condition(panel.AsOf(TestData.Day(119))).Predict(KnownFuture.None, 3, 7)["a"].Numbers().ShouldBe(fitted.Predict(KnownFuture.None, 3, 7)["a"].Numbers());
    }

    [Fact]
    public void A_cancelled_fit_stops()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Should.Throw<OperationCanceledException>(() => Model("auto").Fit(View(Noise(50, 1)), ThreeSteps, Context with { Cancellation = source.Token }));
    }

    [Fact]
    public void The_defaults_work_on_a_plain_series_and_say_what_is_too_short()
    {
        Law("auto", Made("trend", 5)).Horizon.ShouldBe(3);
        Should.Throw<ForecastException>(() => Fit("auto", [1])).Code.ShouldBe("series-too-short");
    }

    private static string Chosen(IFittedForecaster fitted, string series = "y")
    {
        var note = fitted.Summaries[series].Notes[0];
        return note["chosen: ".Length..note.IndexOf(", number", StringComparison.Ordinal)];
    }

    private static double[] Made(string kind, ulong seed) => Simulate(120, seed, kind switch
    {
        "noise" => (_, _, e) => 10 + e,
        "walk" => (_, last, e) => last + e,
        "trend" => (t, _, e) => (2 * t) + (0.5 * e),
        "season" => (t, _, e) => (10 * Math.Sin(Math.PI * t / 3)) + (0.3 * e),
        _ => (_, last, e) => (-0.9 * last) + e,
    });
}
