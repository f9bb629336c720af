using Forecast.Backtest.Report.Html;

namespace Forecast.Backtest.Report.Elements;

/// <summary>The words of the report.</summary>
public sealed class GlossaryElement : IReportElement
{
    private static readonly (string Term, string Meaning)[] Terms =
    [
        ("ACF", "Autocorrelation: the correlation of a series with itself some rows earlier (the lag)."),
        ("Baseline", "The first model of the run; the others are compared with it."),
        ("Certificate", "The record of what each fold could read. Clean: nothing past a cutoff was read and no weights had seen the data. Contaminated: one of both happened. Unknown: nobody can say."),
        ("Conditioned", "New rows were read without estimating the parameters again."),
        ("Coverage", "Share of outcomes inside a central interval; it should be near the interval's level."),
        ("CRPS", "Continuous ranked probability score: the absolute error, generalised to a whole distribution. In the unit of the series; lower is better."),
        ("Cutoff", "The last instant that a model could read when it made a forecast."),
        ("Diebold-Mariano", "Test whether two models' mean losses differ by more than chance; here with the small-sample correction of Harvey, Leybourne and Newbold."),
        ("Embargo", "Rows left out between the history and the first row that is forecast."),
        ("Exceedance", "An outcome beyond a stated quantile."),
        ("Expected shortfall (ES)", "The mean loss on the days whose loss is beyond the VaR."),
        ("Fold", "One place in time from which forecasts are made."),
        ("Holm", "Adjustment of p-values that are read together, so that many tests do not find differences by luck."),
        ("Jarque-Bera", "Test of normality by skewness and kurtosis."),
        ("Ljung-Box", "Test whether autocorrelations at several lags are all zero."),
        ("Joint score", "Fissler and Ziegel's loss of VaR and ES together (FZ0); lower is better. It may be negative, and only differences mean something."),
        ("Kupiec, Christoffersen", "Tests whether exceedances are as many as stated, and whether one calls the next."),
        ("MAE, RMSE", "Mean absolute error; root of the mean squared error. In the unit of the series."),
        ("MASE, RMSSE", "The same, divided by the error of the seasonal naive forecast on the rows before the first cutoff; below 1 is better than that."),
        ("Model confidence set (MCS)", "The models among which the data cannot tell the best; a model with p below 10 % is out."),
        ("Pinball loss", "Loss of a quantile: too low costs the level, too high costs one minus the level, per unit of error."),
        ("PIT", "Probability integral transform: the stated probability of an outcome at or below the one that came. Uniform when the distributions are right."),
        ("Skill", "One minus the ratio of a model's loss to the baseline's; above zero is better."),
        ("sMAPE", "Absolute error over the mean size of forecast and outcome, in percent."),
        ("Tick loss", "The pinball loss of minus the VaR: what ranks VaR forecasts."),
        ("Traffic light", "The Basel Committee's zones by the number of exceedances in 250 days at 99 %: green 0 to 4, yellow 5 to 9, red from 10."),
        ("VaR", "Value-at-Risk: the loss that is exceeded with a stated small probability, a positive number."),
        ("Winkler", "Interval score: the width of the interval plus a penalty for each outcome outside."),
        ("WQL", "Weighted quantile loss: pinball losses over levels, divided by the mean size of the outcomes."),
    ];

    public string Id => "glossary";

    public string Title => "Glossary";

    public ReportSection Render(ReportContext context) =>
        ReportSection.Of(Markup.Of($"<dl class=\"glossary\">{Markup.Join(Terms.Select(t => Markup.Of($"<div><dt>{t.Term}</dt><dd>{t.Meaning}</dd></div>")))}</dl>"));
}
