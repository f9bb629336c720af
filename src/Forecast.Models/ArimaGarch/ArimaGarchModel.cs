using Forecast.Models.Catalogue;
using Forecast.Models.Garch;

namespace Forecast.Models.ArimaGarch;

/// <summary>How <c>arima-garch</c> is written in a model string.</summary>
internal static class ArimaGarchModel
{
    public static ModelDescriptor Descriptor { get; } = new(
        "arima-garch",
        "ARIMA(p,d,q) mean with GARCH(P,Q) variance, estimated together by maximum likelihood.",
        "arima-garch(p,d,q)(P,Q)[-dist]{dist: norm|std|ged|sstd, mean: constant|zero, draws: fitted|historical, paths: N}",
        "arima-garch(1,0,1)(1,1){dist: std}",
        GarchModel.Options,
        Create);

    private static ArimaGarchForecaster Create(ModelArguments arguments)
    {
        arguments.Allow(brackets: 2, suffix: true);
        var mean = arguments.Integers(0, 3, "p,d,q");
        var variance = arguments.Integers(1, 2, "P,Q");
        return new ArimaGarchForecaster(new ArimaGarchOptions
        {
            ArOrder = mean?[0] ?? 1,
            Difference = mean?[1] ?? 0,
            MaOrder = mean?[2] ?? 1,
            ArchOrder = variance?[0] ?? 1,
            GarchOrder = variance?[1] ?? 1,
            Distribution = GarchModel.Distribution(arguments),
            HasMean = arguments.Choice("mean") != "zero",
            Historical = arguments.Choice("draws") == "historical",
            Paths = arguments.Integer("paths", 100) ?? 10_000,
        });
    }
}
