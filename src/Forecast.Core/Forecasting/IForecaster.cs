using Forecast.Core.Data;

namespace Forecast.Core.Forecasting;

/// <summary>A model before it has seen data. Immutable: the same instance may fit many panels at once.</summary>
public interface IForecaster
{
    /// <summary>The model string that makes this forecaster again, as <c>arima(1,0,1)</c>.</summary>
    string Name { get; }

    FitScope Scope { get; }

    /// <summary>
    /// Whether the forecast of a series depends on which others it is fitted with. A global model that learns nothing from the history
    /// only works on many series at once.
    /// </summary>
    bool LearnsAcrossSeries => Scope == FitScope.Global;

    /// <summary>Whether notes (<see cref="SeriesView.Notes"/>) can change a forecast.</summary>
    bool ReadsNotes => false;

    /// <summary>What is known about data that its weights were trained on elsewhere.</summary>
    PretrainingExposure Exposure => PretrainingExposure.Clean;

    /// <summary>
    /// The engine that the model computes with, for the lineage, as <c>libtorch 2.11.0 on cuda:0</c>; null when it needs none but this
    /// platform's own code.
    /// </summary>
    /// <param name="device"><c>cpu</c>, <c>cuda:0</c>, ...</param>
    /// <exception cref="ForecastException">The model cannot run there: the engine or the device is missing.</exception>
    string? EngineOn(string device) => null;

    /// <summary>Learns from what could be known at the view's cutoff, and from nothing else.</summary>
    /// <exception cref="ForecastException">No series could be fitted. Single failures are kept in the result.</exception>
    IFittedForecaster Fit(PanelView history, ForecastTask task, FitContext context);

    /// <summary>Reads what <see cref="IFittedForecaster.Save"/> wrote. <see cref="IFittedForecaster.Condition"/> it before predicting.</summary>
    IFittedForecaster Load(ModelArchive archive);
}

/// <summary>Whether pre-trained weights may have seen the series: part of the leakage certificate.</summary>
public enum PretrainingExposure
{
    /// <summary>No pre-trained weights, or weights that certainly never saw the data.</summary>
    Clean,

    /// <summary>The weights were trained on these data.</summary>
    Contaminated,

    /// <summary>Nobody can say.</summary>
    Unknown,
}

/// <summary>A model that has learned. Immutable, so that it can be cached and shared between threads.</summary>
public interface IFittedForecaster
{
    /// <summary>The same parameters standing on other history: new data, no refit.</summary>
    IFittedForecaster Condition(PanelView history);

    /// <summary>The law of the steps 1..<paramref name="horizon"/> after each series' last visible row.</summary>
    PanelPrediction Predict(KnownFuture future, int horizon, ulong seed);

    /// <summary>Writes the parameters (not the history).</summary>
    void Save(ModelArchive archive);

    /// <summary>What was estimated, a summary for each series that was fitted.</summary>
    IReadOnlyDictionary<string, FitSummary> Summaries { get; }
}
