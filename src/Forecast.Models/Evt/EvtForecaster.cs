using Forecast.Models.Garch;

namespace Forecast.Models.Evt;

/// <summary>
/// Peaks over threshold on the standardised residuals of a volatility model (McNeil and Frey 2000): quasi-maximum likelihood for the volatility, generalised
/// Pareto laws for both tails of the residuals in view. See the folder's README.
/// </summary>
/// <example><c>evt(1,1)</c>, <c>evt(1,1){variance: gjr, threshold: 0.08}</c>.</example>
public sealed class EvtForecaster : VolatilityForecaster
{
    private readonly EvtOptions _options;

    public EvtForecaster(EvtOptions options)
        : base((options ?? throw new ArgumentNullException(nameof(options))).Validated().Volatility.Specification, difference: 0, options.Volatility.Paths) => _options = options;

    /// <inheritdoc/>
    public override string Name => _options.ModelString;

    /// <inheritdoc/>
    protected override FutureLaw Law(GarchSpecification specification, double[] theta, GarchPath path, string series)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new TailedLaw(new TailedResiduals(FutureLaw.Standardised(path), _options.Threshold, series));
    }
}
