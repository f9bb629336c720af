namespace Forecast.Models.Catalogue;

/// <summary>The list of all models, in the order in which people read them.</summary>
internal static class Zoo
{
    public static IReadOnlyList<ModelDescriptor> Models { get; } =
    [
        .. Baselines.BaselineModels.Descriptors,
        LinearAr.LinearArModel.Descriptor,
        Lstm.LstmModel.Descriptor,
        Xlstm.XlstmModel.Descriptor,
        Ttm.TtmModel.Descriptor,
        Smetimes.SmetimesModel.Descriptor,
        Tirex.TirexModel.Descriptor,
        Arima.ArimaModel.Descriptor,
        AutoArima.AutoArimaModel.Descriptor,
        .. Ets.EtsModel.Descriptors,
        HoltWinters.HoltWintersModel.Descriptor,
        .. Stl.StlModel.Descriptors,
        Ces.CesModel.Descriptor,
        Theta.ThetaModel.Descriptor,
        Ssa.SsaModel.Descriptor,
        .. Intermittent.IntermittentModel.Descriptors,
        Garch.GarchModel.Descriptor,
        .. Garch.GarchModel.Relatives,
        ArimaGarch.ArimaGarchModel.Descriptor,
        Har.HarModel.Descriptor,
        HistoricalSimulation.HistoricalSimulationModel.Descriptor,
        CurrentMarket.CurrentMarketModel.Descriptor,
        Evt.EvtModel.Descriptor,
        Caviar.CaviarModel.Descriptor,
        LstmMdn.LstmMdnModel.Descriptor,
    ];
}
