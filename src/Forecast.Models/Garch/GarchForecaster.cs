namespace Forecast.Models.Garch;

/// <summary>GARCH(p,q) about a constant or zero mean (Bollerslev 1986), by maximum likelihood.</summary>
/// <example><c>garch(1,1){dist: std}</c>, short <c>garch(1,1)-t</c>.</example>
public sealed class GarchForecaster : VolatilityForecaster
{
    private readonly GarchOptions _options;

    /// <param name="options">Orders, distribution, mean and number of paths.</param>
    public GarchForecaster(GarchOptions options)
        : base((options ?? throw new ArgumentNullException(nameof(options))).Validated().Specification, difference: 0, options.Paths) => _options = options;

    /// <inheritdoc/>
    public override string Name => _options.ModelString;
}
