using Forecast.Core.Data;
using Forecast.Core.Forecasting;

namespace Forecast.Hosting.Retraining;

/// <summary>Parameters that were fitted before, in a walk: the fit learns nothing and only sets them on the history.</summary>
internal sealed class StandingForecaster(string name, IForecaster model, IFittedForecaster fitted) : IForecaster
{
    public string Name => name;

    public FitScope Scope => model.Scope;

    public bool LearnsAcrossSeries => model.LearnsAcrossSeries;

    public bool ReadsNotes => model.ReadsNotes;

    public PretrainingExposure Exposure => model.Exposure;

    public string? EngineOn(string device) => model.EngineOn(device);

    public IFittedForecaster Fit(PanelView history, ForecastTask task, FitContext context) => fitted.Condition(history);

    public IFittedForecaster Load(ModelArchive archive) => model.Load(archive);
}
