using Forecast.Models.Catalogue;
using Forecast.Models.Garch;
using Forecast.Models.Innovations;

namespace Forecast.Models.Evt;

/// <summary>How the catalogue writes and makes <see cref="EvtForecaster"/>.</summary>
public static class EvtModel
{
    public static ModelDescriptor Descriptor { get; } = new(
        "evt",
        "Peaks over threshold: generalised Pareto tails for the standardised residuals of a GARCH (McNeil and Frey 2000).",
        "evt(p,q){variance: garch|gjr, dist: norm|std, mean: constant|zero, threshold, paths}",
        "evt(1,1){threshold: 0.2}",
        [
            new OptionSchema("variance", OptionKind.Choice, "Form of the variance.", "garch") { Choices = ["garch", "gjr"] },
            new OptionSchema("dist", OptionKind.Choice, "Likelihood of the volatility model: normal is the quasi-likelihood of McNeil and Frey.", "norm") { Choices = ["norm", "std"] },
            new OptionSchema("mean", OptionKind.Choice, "Whether a mean is estimated.", "constant") { Choices = ["constant", "zero"] },
            new OptionSchema("threshold", OptionKind.Number, "Share of the residuals beyond each threshold.", "0.1") { Minimum = 0.01, Maximum = 0.3 },
            new OptionSchema("paths", OptionKind.Integer, "Simulated futures behind the steps after the first.", "10000") { Minimum = 100, Maximum = 10_000_000 },
        ],
        arguments =>
        {
            arguments.Allow(1);
            var orders = arguments.Integers(0, 2, "p,q");
            return new EvtForecaster(new EvtOptions
            {
                Threshold = arguments.Number("threshold") ?? 0.1,
                Volatility = new GarchOptions
                {
                    Family = string.Equals(arguments.Choice("variance"), "gjr", StringComparison.Ordinal) ? VarianceFamily.Gjr : VarianceFamily.Garch,
                    ArchOrder = orders?[0] ?? 1,
                    GarchOrder = orders?[1] ?? 1,
                    Distribution = string.Equals(arguments.Choice("dist"), "std", StringComparison.Ordinal) ? InnovationKind.StudentT : InnovationKind.Normal,
                    HasMean = !string.Equals(arguments.Choice("mean"), "zero", StringComparison.Ordinal),
                    Paths = arguments.Integer("paths", 100) ?? 10_000,
                },
            });
        });
}
