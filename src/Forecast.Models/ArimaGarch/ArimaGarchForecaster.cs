using Forecast.Models.Garch;

namespace Forecast.Models.ArimaGarch;

/// <summary>ARIMA(p,d,q) mean with GARCH(P,Q) variance, all parameters estimated together by maximum likelihood.</summary>
/// <example><c>arima-garch(1,0,1)(1,1){dist: std}</c>.</example>
public sealed class ArimaGarchForecaster : VolatilityForecaster
{
    private readonly ArimaGarchOptions _options;

    /// <param name="options">Orders, distribution, mean and number of paths.</param>
    public ArimaGarchForecaster(ArimaGarchOptions options)
        : base((options ?? throw new ArgumentNullException(nameof(options))).Validated().Specification, options.Difference, options.Paths, options.Historical) => _options = options;

    /// <inheritdoc/>
    public override string Name => _options.ModelString;
}
