using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Models.Training;
using Forecast.Models.Xlstm;

namespace Forecast.Models.Lstm;

/// <summary>What the weights alone do not say about a fitted network: saved beside them.</summary>
/// <param name="Lookback">L.</param>
/// <param name="Horizon">H.</param>
/// <param name="Patch">Rows a step of the recurrence reads; divides L.</param>
/// <param name="Hidden">Size of the state.</param>
/// <param name="Layers">Recurrent layers.</param>
/// <param name="Dropout">While training.</param>
/// <param name="Levels">Quantile levels of the head, ascending; 0.5 is among them.</param>
/// <param name="ShowGaps">Whether the network reads which values were observed.</param>
/// <param name="Features">Covariates.</param>
/// <param name="Scaling">Of the covariates known ahead.</param>
public sealed record LstmShape(
    int Lookback, int Horizon, int Patch, int Hidden, int Layers, double Dropout, IReadOnlyList<double> Levels, bool ShowGaps, PanelFeatures Features, FutureScaling Scaling)
{
    /// <summary>Blocks in the place of LSTM layers; null = LSTM layers.</summary>
    public XlstmOptions? Stack { get; init; }

    public int PastChannels => WindowGatherer.PastChannels(Features.Past.Count, Features.FutureChannels, ShowGaps);

    /// <summary>The shape that options take on for a panel and a task.</summary>
    /// <exception cref="ForecastException">A covariate is missing, or the look-back does not suit.</exception>
    public static LstmShape Of(LstmOptions options, IReadOnlyList<SeriesView> series, ForecastTask task, bool gaps)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(task);
        foreach (var s in series) options.Features.Check(s);
        var season = series[0].Frequency.SeasonalPeriod;
        var lookback = options.Lookback ?? Whole(Training.Lookback.Choose(series, task.Horizon), options.Patch ?? season);
        var patch = options.Patch ?? (lookback % season == 0 && lookback > season ? season : 1);
        if (lookback % patch != 0) throw new ForecastException("patch-invalid", $"patch is {patch}; it must divide the lookback of {lookback}", "patch");
        double[] levels = [.. QuantileSteps.BaseLevels.Concat(task.Levels).Distinct().Order()];
        return new LstmShape(lookback, task.Horizon, patch, options.Hidden, options.Layers, options.Dropout, levels, gaps, options.Features, FutureScaling.Of(series, options.Features)) { Stack = options.Stack };
    }

    /// <summary>The largest multiple of the patch that is no longer, if there is one.</summary>
    private static int Whole(int rows, int patch) => rows >= patch ? rows - (rows % patch) : rows;
}
