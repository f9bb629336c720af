namespace Forecast.Models.Garch;

/// <summary>GARCH(p,q) (Bollerslev 1986) and the other variance families about a constant, zero or ARMA mean, by maximum likelihood.</summary>
/// <example><c>garch(1,1){dist: std}</c>, short <c>garch(1,1)-t</c>; <c>gjr-garch(1,1)</c>, <c>figarch(1,d,1)</c>.</example>
public sealed class GarchForecaster : VolatilityForecaster
{
    private readonly GarchOptions _options;

    /// <param name="options">Family, orders, distribution, mean and simulation.</param>
    public GarchForecaster(GarchOptions options)
        : base((options ?? throw new ArgumentNullException(nameof(options))).Validated().Specification, difference: 0, options.Paths, options.Historical) => _options = options;

    /// <inheritdoc/>
    public override string Name => _options.ModelString;
}
