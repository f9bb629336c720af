using System.Globalization;
using Forecast.Models.Catalogue;

namespace Forecast.Models.Arima;

/// <summary>How the catalogue writes and makes <see cref="ArimaForecaster"/>.</summary>
public static class ArimaModel
{
    public static ModelDescriptor Descriptor { get; } = new(
        "arima",
        "Seasonal ARIMA with mean, drift or regressors, by exact Gaussian maximum likelihood.",
        "arima(p,d,q)(P,D,Q)[m]{mean: auto|true|false, drift: true|false, regressors: [a, b@1], fixed: [ar1=0.5], variance: df|ml, starts: n, max_iterations: n}",
        "arima(0,1,1)(0,1,1)[12]",
        [
            new OptionSchema("mean", OptionKind.Choice, "Whether a mean is estimated; auto: exactly when d + D = 0 (R's arima).", "auto") { Choices = ["auto", "true", "false"] },
            new OptionSchema("drift", OptionKind.Boolean, "Whether a linear trend is estimated; needs d + D of at most 1 (R's forecast package).", "false"),
            new OptionSchema("regressors", OptionKind.Text, "Covariates used as regressors: [a, b], or * for all known ahead; a@k is a, k rows earlier. None if left out."),
            new OptionSchema("fixed", OptionKind.Text, "Coefficients that are not estimated: [ar1=0.5, intercept=0]; none if left out."),
            new OptionSchema("variance", OptionKind.Choice, "Innovation variance of the forecast: df divides by n* - k + 1 (R's forecast package), ml by n*.", "df") { Choices = ["df", "ml"] },
            new OptionSchema("starts", OptionKind.Integer, "Starting points that are followed to their optimum; the best end is kept.", "3") { Minimum = 1 },
            new OptionSchema("max_iterations", OptionKind.Integer, "Quasi-Newton iterations a start.", "200") { Minimum = 1 },
        ],
        arguments =>
        {
            arguments.Allow(2, period: true);
            var order = arguments.Integers(0, 3, "p,d,q") ?? throw arguments.Invalid("the orders (p,d,q) are missing");
            var seasonal = arguments.Integers(1, 3, "P,D,Q") ?? [0, 0, 0];
            return new ArimaForecaster(new ArimaOptions
            {
                Order = new ArimaOrder(order[0], order[1], order[2]),
                Seasonal = new ArimaOrder(seasonal[0], seasonal[1], seasonal[2]),
                Period = arguments.Period(),
                IncludeMean = arguments.Choice("mean") switch { "true" => true, "false" => false, _ => null },
                IncludeDrift = arguments.Boolean("drift") ?? false,
                Regressors = Regressors(arguments),
                Fixed = Fixed(arguments),
                Variance = string.Equals(arguments.Choice("variance"), "ml", StringComparison.Ordinal) ? ArimaVariance.MaximumLikelihood : ArimaVariance.DegreesOfFreedom,
                Starts = arguments.Integer("starts", 1) ?? ArimaOptions.DefaultStarts,
                MaxIterations = arguments.Integer("max_iterations", 1) ?? ArimaOptions.DefaultMaxIterations,
            });
        });

    private static Dictionary<string, double> Fixed(ModelArguments arguments)
    {
        var result = new Dictionary<string, double>(StringComparer.Ordinal);
        if (!arguments.Spec.Options.TryGetValue("fixed", out var text))
            return result;
        var inside = text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;
        foreach (var pair in inside.Split(',', StringSplitOptions.TrimEntries))
        {
            var equals = pair.LastIndexOf('=');
            if (equals <= 0 || !double.TryParse(pair[(equals + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
                throw arguments.Invalid($"fixed: '{pair}' is not of the form name=number", "fixed");
            if (!result.TryAdd(pair[..equals].TrimEnd(), value))
                throw arguments.Invalid($"fixed: '{pair[..equals].TrimEnd()}' stands twice", "fixed");
        }

        return result;
    }

    internal static string[] Regressors(ModelArguments arguments)
    {
        if (!arguments.Spec.Options.TryGetValue("regressors", out var text))
            return [];
        var inside = text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;
        var names = inside.Split(',', StringSplitOptions.TrimEntries);
        return Array.Exists(names, n => n.Length == 0) ? throw arguments.Invalid($"regressors: '{text}' has an empty place", "regressors") : names;
    }
}
