using Forecast.Core.Forecasting;

namespace Forecast.PeerBenchmarks;

/// <summary>Every row of the comparison. Targets are ratios to R (or the named peer) on one machine.</summary>
internal static class Rows
{
    private const string Yardstick = "no such model in fGarch: timed against its garch(1,1) normal, in the proportion of arch 8's published times to it";

    public static Row[] All(Series data)
    {
        Ours Fit(string model, string set, string criterion, int horizon = 0) => new(model, data.Views(set), horizon, (f, _) => [f.Summaries.Values.Single().Criteria[criterion]]);
        var theta = new Ours("theta", data.Views("m3-60"), 18, (_, p) => Means(p!));
        var airline = Fit("arima(0,1,1)(0,1,1)[12]", "air", "loglik");
        var normal = Fit("garch(1,1)", "dem2gbp", "loglik");
        var rolling = Fit("garch(1,1)", "windows", "loglik");
        var holtWinters = Fit("holt-winters", "m3-20", "sse");
        return
        [
            new("auto-arima, 18 steps, 20 M3 monthly", "R forecast", PeerKind.R, "auto-arima", 31, Fit("auto-arima", "m3-20", "aicc", 18), Judges.Criterion(0.5)),
            new("auto-ets, 18 steps, 60 M3 monthly", "R forecast", PeerKind.R, "auto-ets", 75, Fit("auto-ets", "m3-60", "aicc", 18), Judges.Criterion(1)),
            new("theta, 18 steps, 60 M3 monthly", "R forecast", PeerKind.R, "theta", 24, theta, Judges.Forecasts(data.Values("m3-60"))),
            new("arima airline, log air_passengers", "R stats", PeerKind.R, "airline", 27, airline, Judges.LogLikelihood(5e-3)),
            new("arima airline, log air_passengers", "statsmodels", PeerKind.Python, "airline", 242, airline, Judges.LogLikelihood(5e-3)),
            new("arima(2,0,2) + mean, lynx", "R stats", PeerKind.R, "lynx", 26, Fit("arima(2,0,2)", "lynx", "loglik"), Judges.LogLikelihood(1e-3)),
            new("garch(1,1) normal, dem2gbp", "fGarch", PeerKind.R, "garch-norm", 90, normal, Judges.LogLikelihood(1e-3)),
            new("garch(1,1) normal, dem2gbp", "tseries", PeerKind.R, "tseries", 5, normal, Judges.TimeOnly),
            new("garch(1,1) Student-t, dem2gbp", "fGarch", PeerKind.R, "garch-std", 150, Fit("garch(1,1)-t", "dem2gbp", "loglik"), Judges.LogLikelihood(1e-3)),
            new("refits, window 2,000, garch(1,1) normal", "fGarch", PeerKind.R, "roll-norm", 400, rolling, Judges.LogLikelihood(1e-3)),
            new("refits, window 2,000, garch(1,1) normal", "tseries", PeerKind.R, "tseries-roll", 9, rolling, Judges.TimeOnly),
            new("refits, window 2,000, garch(1,1) Student-t", "fGarch", PeerKind.R, "roll-std", 205, Fit("garch(1,1)-t", "windows", "loglik"), Judges.LogLikelihood(1e-3)),
            new("gjr-garch(1,1) normal, dem2gbp", "fGarch's garch", PeerKind.R, "garch-norm", 48, Fit("gjr-garch(1,1)", "dem2gbp", "loglik"), Judges.Reference(-1106.10233856654, "garch.json"), Yardstick),
            new("egarch(1,1) normal, dem2gbp", "fGarch's garch", PeerKind.R, "garch-norm", 48, Fit("egarch(1,1)", "dem2gbp", "loglik"), Judges.Reference(-1102.27043783697, "garch.json"), Yardstick),
            new("figarch(1,d,1) normal, dem2gbp", "fGarch's garch", PeerKind.R, "garch-norm", 4.8, Fit("figarch(1,1)", "dem2gbp", "loglik"), Judges.Reference(-1095.86239014838, "best of nine searches by another implementation, from random starts"), Yardstick),
            new("holt-winters additive, 20 M3 monthly", "statsmodels", PeerKind.Python, "holt-winters", 73, holtWinters, Judges.OtherStart),
            new("holt-winters additive, 20 M3 monthly", "R stats", PeerKind.R, "holt-winters", double.NaN, holtWinters, Judges.Squares),
        ];
    }

    private static double[] Means(PanelPrediction prediction)
    {
        var law = prediction.Distributions.Values.Single();
        return [.. Enumerable.Range(1, law.Horizon).Select(h => law.Mean(h))];
    }
}
