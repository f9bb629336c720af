using Forecast.Models.Catalogue;

namespace Forecast.Backtest.Wrappers;

/// <summary>Every model of the platform: the zoo, and the forecasters that wrap forecasters. What the command line, the API and the workers use.</summary>
public static class PlatformCatalogue
{
    public static ModelCatalogue All { get; } = ModelCatalogue.Default.With([Ensemble.EnsembleModel.Descriptor, Conformal.ConformalModel.Descriptor, Auto.AutoModel.Descriptor]);
}
