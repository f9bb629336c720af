using Forecast.Core.Forecasting;

namespace Forecast.Models.Garch;

/// <summary>A fit in the words of the reference software.</summary>
internal static class GarchSummary
{
    /// <summary>Parameters, standard errors, criteria and paths; paths have the length of the series, NaN before the first difference.</summary>
    public static FitSummary Of(GarchSpecification specification, GarchParameters parameters, GarchSample sample, ReadOnlySpan<double> target, int difference)
    {
        var path = GarchRecursion.Filter(specification, sample, parameters.Values, parameters.Presample, parameters.PresampleNews);
        double? exponent = EgarchInvertibility.Applies(specification) ? EgarchInvertibility.Exponent(specification, sample, parameters.Values, path) : null;
        return new FitSummary
        {
            Parameters = Named(specification, parameters.Values),
            StdErrors = new Dictionary<string, IReadOnlyDictionary<string, double>>(StringComparer.Ordinal)
            {
                ["hessian"] = Named(specification, parameters.StandardErrors.Hessian),
                ["opg"] = Named(specification, parameters.StandardErrors.OuterProduct),
                ["robust"] = Named(specification, parameters.StandardErrors.Robust),
            },
            Criteria = Criteria(specification, parameters, exponent),
            Paths = Paths(path, target, difference),
            Converged = parameters.Converged,
            Notes = Notes(specification, parameters, exponent),
            Observations = parameters.Observations,
        };
    }

    private static Dictionary<string, double> Named(GarchSpecification specification, double[] values)
    {
        var named = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var i = 0; i < values.Length; i++)
            if (!double.IsNaN(values[i])) named[specification.Names[i]] = values[i];
        return named;
    }

    private static Dictionary<string, double> Criteria(GarchSpecification specification, GarchParameters parameters, double? exponent)
    {
        var n = parameters.Observations;
        var c = GarchCriteria.Of(parameters.LogLikelihood, specification.Count, n);
        var criteria = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["loglik"] = parameters.LogLikelihood,
            ["aic"] = c.Aic,
            ["bic"] = c.Bic,
            ["hqic"] = c.Hqic,
            ["aic_per_obs"] = c.Aic / n,
            ["bic_per_obs"] = c.Bic / n,
            ["hqic_per_obs"] = c.Hqic / n,
            ["sic_per_obs"] = (-2 * parameters.LogLikelihood / n) + Math.Log((n + (2.0 * specification.Count)) / n),
            ["loglik_per_obs"] = parameters.LogLikelihood / n,
            ["persistence"] = specification.Persistence(parameters.Values),
            ["presample_variance"] = parameters.Presample,
        };
        if (exponent is { } contraction) criteria["invertibility_exponent"] = contraction;
        if (double.IsFinite(c.Aicc)) criteria["aicc"] = c.Aicc;
        var unconditional = specification.UnconditionalVariance(parameters.Values);
        if (double.IsFinite(unconditional)) criteria["unconditional_variance"] = unconditional;
        return criteria;
    }

    private static Dictionary<string, double[]> Paths(GarchPath path, ReadOnlySpan<double> target, int difference)
    {
        double[] sigma = Blank(target.Length), residuals = Blank(target.Length), fitted = Blank(target.Length);
        for (var t = 0; t < path.Variance.Length; t++)
        {
            var row = t + difference;
            sigma[row] = Math.Sqrt(path.Variance[t]);
            if (double.IsNaN(target[row])) continue;

            // One step ahead of the level or of its difference: the innovation is the same. Without an observed difference there is neither.
            if (IsGap(target, row, difference)) continue;
            residuals[row] = path.Residual[t];
            fitted[row] = target[row] - path.Residual[t];
        }

        return new Dictionary<string, double[]>(StringComparer.Ordinal) { ["sigma"] = sigma, ["residuals"] = residuals, ["fitted"] = fitted };
    }

    private static bool IsGap(ReadOnlySpan<double> target, int row, int difference)
    {
        for (var j = 1; j <= difference; j++)
            if (double.IsNaN(target[row - j])) return true;
        return false;
    }

    private static double[] Blank(int length)
    {
        var blank = new double[length];
        Array.Fill(blank, double.NaN);
        return blank;
    }

    private static List<string> Notes(GarchSpecification specification, GarchParameters parameters, double? exponent)
    {
        var notes = new List<string> { $"{(parameters.Converged ? "converged" : "not converged")} after {parameters.Iterations} Newton steps: {parameters.Reason}" };
        var bound = specification.Names.Where((_, i) => parameters.OnBound[i]).ToArray();
        if (bound.Length > 0) notes.Add($"on a bound, without standard errors: {string.Join(", ", bound)}");
        if (exponent > 0)
            notes.Add($"the filter is not invertible: a difference in ln h grows by {exponent:G3} a step instead of vanishing, so that variances and likelihood hang on the value before the sample; a longer sample, or garch or gjr-garch, would not");
        switch (specification.Family)
        {
            case VarianceFamily.Igarch:
                notes.Add($"beta{specification.GarchOrder} = {specification.Expand(parameters.Values)[specification.GammaIndex]:G6}, what alpha and the other betas leave of 1");
                break;
            case VarianceFamily.Figarch when !FigarchWeights.At(specification, parameters.Values).AreNonNegative:
                notes.Add("some weights of the ARCH(infinity) form are negative: other data could make the variance negative");
                break;
            case not VarianceFamily.Figarch when specification.Persistence(parameters.Values) >= 1:
                notes.Add("the variance is not stationary: its persistence is 1 or more");
                break;
        }

        return notes;
    }
}
