using Forecast.Core;

namespace Forecast.Models.Ets;

/// <summary>One form at its estimates (or at given parameters), with everything that R's <c>ets</c> reports.</summary>
public sealed class EtsFit
{
    private EtsFit(EtsForm form, int period, EtsSample sample, EtsPoint scaled, double[] scaledSeason)
    {
        Form = form;
        Period = form.HasSeason ? period : 1;
        var scale = sample.Scale;
        var additive = form.Season == EtsPart.Additive ? scale : 1;
        Point = scaled with { Level = scaled.Level * scale, Slope = form.Trend == EtsPart.Multiplicative ? scaled.Slope : scaled.Slope * scale };
        Season = Array.ConvertAll(scaledSeason, s => s * additive);
        Observations = sample.Observed;
        ParameterCount = form.ParameterCount(Period) + 1;
        Run(sample, scaled, scaledSeason, additive);
    }

    public EtsForm Form { get; }

    /// <summary>m; 1 without a season.</summary>
    public int Period { get; }

    /// <summary>Smoothing parameter of the level.</summary>
    public double Alpha => Point.Alpha;

    /// <summary>Smoothing parameter of the slope, 0 without a trend.</summary>
    public double Beta => Point.Beta;

    /// <summary>Smoothing parameter of the season, 0 without one.</summary>
    public double Gamma => Point.Gamma;

    /// <summary>Damping, 1 without it.</summary>
    public double Phi => Point.Phi;

    /// <summary>-(n/2) ln(sum r^2) - sum ln mu (the second for multiplicative errors only), without constants, as in R.</summary>
    public double LogLikelihood { get; private set; }

    /// <summary>n, rows that are not missing.</summary>
    public int Observations { get; }

    /// <summary>k: smoothing parameters, free initial states and sigma2.</summary>
    public int ParameterCount { get; }

    /// <summary>Sum of squared residuals / (n - k + 1); relative residuals for a multiplicative error.</summary>
    public double Sigma2 { get; private set; }

    /// <summary>Mean squared one-step error in the data's unit.</summary>
    public double Mse { get; private set; }

    /// <summary>-2 l + 2 k.</summary>
    public double Aic => (-2 * LogLikelihood) + (2 * ParameterCount);

    /// <summary>AIC + 2 k (k + 1) / (n - k - 1); +infinity when n is not above k + 1.</summary>
    public double Aicc => Observations - ParameterCount - 1 <= 0
        ? double.PositiveInfinity
        : Aic + (2.0 * ParameterCount * (ParameterCount + 1) / (Observations - ParameterCount - 1));

    /// <summary>-2 l + k ln n.</summary>
    public double Bic => (-2 * LogLikelihood) + (ParameterCount * Math.Log(Observations));

    /// <summary>One-step forecasts, one a row.</summary>
    public IReadOnlyList<double> Fitted { get; private set; } = [];

    /// <summary>y - mu, or (y - mu) / mu for a multiplicative error; NaN where y is missing.</summary>
    public IReadOnlyList<double> Residuals { get; private set; } = [];

    /// <summary>Level, slope and seasonal states (newest first) after the last row that is not missing.</summary>
    public IReadOnlyList<double> FinalStates { get; private set; } = [];

    /// <summary>True when nothing is left to explain: the likelihood has no bound then, and is reported for a least variance.</summary>
    public bool IsExact { get; private init; }

    public bool Converged { get; private init; } = true;

    /// <summary>How the search ended.</summary>
    public string Reason { get; private init; } = "fixed parameters";

    internal EtsPoint Point { get; }

    /// <summary>Initial seasonal states, oldest first.</summary>
    internal double[] Season { get; }

    /// <summary>Where the model stands after the last row that is not missing.</summary>
    internal EtsOrigin Origin { get; private set; } = null!;

    /// <summary>R's names of parameters and initial states: alpha beta gamma phi l b s0 s1 .. (newest first, the oldest implied).</summary>
    public IReadOnlyDictionary<string, double> Parameters
    {
        get
        {
            var named = new Dictionary<string, double>(StringComparer.Ordinal) { ["alpha"] = Alpha };
            if (Form.HasTrend) named["beta"] = Beta;
            if (Form.HasSeason) named["gamma"] = Gamma;
            if (Form.Damped) named["phi"] = Phi;
            named["l"] = Point.Level;
            if (Form.HasTrend) named["b"] = Point.Slope;
            for (var j = 0; j < Season.Length - 1; j++) named[$"s{j}"] = Season[Season.Length - 1 - j];
            return named;
        }
    }

    /// <summary>The model at given parameters, under R's names.</summary>
    /// <param name="series">Id of the series, for errors.</param>
    /// <param name="values">Observations, oldest first, NaN = missing.</param>
    /// <param name="form">The form.</param>
    /// <param name="period">m; not used without a season.</param>
    /// <param name="parameters">alpha beta gamma phi l b s0 .. s(m-2), as far as the form has them.</param>
    /// <exception cref="ForecastException">A parameter is absent, or the data do not suit the form.</exception>
    public static EtsFit At(string series, ReadOnlySpan<double> values, EtsForm form, int period, IReadOnlyDictionary<string, double> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var sample = EtsSample.Of(series, values);
        Require(sample, form, period);
        return At(sample, form, period, PointOf(form, period, parameters, series, out var season), season);
    }

    /// <summary>Reads parameters under R's names.</summary>
    /// <exception cref="ForecastException">One of them is absent.</exception>
    internal static EtsPoint PointOf(EtsForm form, int period, IReadOnlyDictionary<string, double> parameters, string series, out double[] season)
    {
        season = form.HasSeason ? new double[period] : [];
        var sum = 0.0;
        for (var j = 0; j < season.Length - 1; j++) sum += season[period - 1 - j] = Named($"s{j}");
        if (form.HasSeason) season[0] = (form.Season == EtsPart.Multiplicative ? period : 0) - sum;
        return new EtsPoint(
            Named("alpha"), form.HasTrend ? Named("beta") : 0, form.HasSeason ? Named("gamma") : 0, form.Damped ? Named("phi") : 1, Named("l"), form.HasTrend ? Named("b") : 0);

        double Named(string name) => parameters.TryGetValue(name, out var value)
            ? value
            : throw new ForecastException("ets-parameters", $"{form} needs a parameter '{name}'", name, series);
    }

    /// <summary>Estimates one form by maximum likelihood.</summary>
    /// <param name="series">Id of the series, for errors.</param>
    /// <param name="values">Observations, oldest first, NaN = missing.</param>
    /// <param name="form">The form.</param>
    /// <param name="period">m, at least 2 for a form with a season; not used without one.</param>
    /// <param name="bounds">Where the smoothing parameters may lie.</param>
    /// <param name="cancellation">Stops between starting points.</param>
    /// <exception cref="ForecastException">Data that do not suit the form: too short, not positive, infinite, all missing.</exception>
    public static EtsFit Estimate(string series, ReadOnlySpan<double> values, EtsForm form, int period, EtsBounds bounds = EtsBounds.Both, CancellationToken cancellation = default)
    {
        var sample = EtsSample.Of(series, values);
        Require(sample, form, period);
        var optimum = new EtsEstimator(sample, form.HasSeason ? period : 1, bounds).Fit(form, EtsSelection.RunsOfOneForm, cancellation: cancellation)
            ?? throw new ForecastException("ets-infeasible", $"series '{series}': no starting values keep {form} above zero; choose another form", "model", series);
        return Of(sample, period, optimum);
    }

    internal static EtsFit Of(EtsSample sample, int period, EtsOptimum optimum)
    {
        var exact = optimum.IsExact;
        return new EtsFit(optimum.Form, period, sample, optimum.Point, optimum.Season)
        {
            IsExact = exact,
            Converged = optimum.Converged,
            Reason = exact ? "the model fits every row exactly" : optimum.Converged ? $"no further decrease after {optimum.Iterations} steps" : $"stopped without meeting the tolerance after {optimum.Iterations} steps",
        };
    }

    /// <param name="sample">The sample.</param>
    /// <param name="form">The form.</param>
    /// <param name="period">m.</param>
    /// <param name="point">Parameters, level and slope in the data's unit.</param>
    /// <param name="season">Initial seasonal states, oldest first, in the data's unit.</param>
    internal static EtsFit At(EtsSample sample, EtsForm form, int period, in EtsPoint point, double[] season)
    {
        var additive = form.Season == EtsPart.Additive ? sample.Scale : 1;
        var scaled = point with { Level = point.Level / sample.Scale, Slope = form.Trend == EtsPart.Multiplicative ? point.Slope : point.Slope / sample.Scale };
        return new EtsFit(form, period, sample, scaled, Array.ConvertAll(season, s => s / additive));
    }

    /// <summary>Says why a form cannot be fitted.</summary>
    internal static void Require(EtsSample sample, EtsForm form, int period)
    {
        if (form.HasSeason && period < 2)
            throw new ForecastException("ets-option-invalid", $"series '{sample.Series}': {form} needs a season of at least 2 rows, as in ets(A,A,A)[12]", "period", sample.Series);
        if (form.NeedsPositive && !sample.IsPositive)
            throw new ForecastException("values-not-positive", $"series '{sample.Series}' has values of 0 or below; {form} multiplies and needs positive ones", "model", sample.Series);
        var least = form.ParameterCount(period) + 2;
        if (sample.Observed < least)
            throw new ForecastException("series-too-short", $"series '{sample.Series}' has {sample.Observed} observations; {form} needs at least {least}", "data", sample.Series);
    }

    private void Run(EtsSample sample, EtsPoint scaled, double[] scaledSeason, double seasonScale)
    {
        var y = sample.Values;
        var filter = new EtsFilter(Form, scaled, (double[])scaledSeason.Clone());
        double[] fitted = new double[y.Length], residuals = new double[y.Length];
        var multiplicative = Form.Error == EtsPart.Multiplicative;
        double squares = 0, errors = 0, logs = 0;
        var last = y.Length - 1;
        while (double.IsNaN(y[last])) last--;
        var scale = sample.Scale;
        for (var t = 0; t < y.Length; t++)
        {
            var mu = filter.Mean();
            fitted[t] = mu * scale;
            residuals[t] = double.NaN;
            if (double.IsNaN(y[t]))
            {
                filter.Skip();
                continue;
            }

            var r = filter.Absorb(y[t]);
            residuals[t] = multiplicative ? r : r * scale;
            squares += r * r;
            errors += (y[t] - mu) * (y[t] - mu);
            if (multiplicative) logs += Math.Log(Math.Abs(mu));
            if (t == last) KeepOrigin(filter, scale, seasonScale);
        }

        double n = Observations;
        var unit = multiplicative ? 1 : scale;
        var floor = EtsObjective.ExactMeanSquare * n;
        LogLikelihood = (-0.5 * n * Math.Log(Math.Max(squares, floor))) - logs - (n * Math.Log(scale));
        Sigma2 = squares / Math.Max(1, n - ParameterCount + 1) * unit * unit;
        Mse = errors / n * scale * scale;
        (Fitted, Residuals) = (fitted, residuals);
    }

    private void KeepOrigin(EtsFilter filter, double scale, double seasonScale)
    {
        var slope = Form.Trend == EtsPart.Multiplicative ? filter.Slope : filter.Slope * scale;
        var newest = Array.ConvertAll(filter.SeasonNewestFirst(), s => s * seasonScale);
        Origin = new EtsOrigin(Form, Point with { Level = filter.Level * scale, Slope = slope }, [.. newest.Reverse()]);
        FinalStates = [Origin.Point.Level, .. Form.HasTrend ? (double[])[slope] : [], .. newest];
    }
}

/// <summary>A form, its parameters and its states at the end of a sample.</summary>
/// <param name="Form">The form.</param>
/// <param name="Point">Parameters and last level and slope.</param>
/// <param name="Season">The last m seasonal states, oldest (the next to be used) first.</param>
internal sealed record EtsOrigin(EtsForm Form, EtsPoint Point, double[] Season);
