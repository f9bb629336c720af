using Forecast.Core;
using Forecast.Core.Forecasting;

namespace Forecast.Backtest.Wrappers;

/// <summary>What all wrappers ask of the models inside them.</summary>
internal static class Nested
{
    /// <summary>Global as soon as one model is: it must be shown the panel.</summary>
    public static FitScope Scope(IReadOnlyList<IForecaster> models) => models.Any(m => m.Scope == FitScope.Global) ? FitScope.Global : FitScope.Local;

    /// <summary>The worst of the models': contaminated, then unknown, then clean.</summary>
    public static PretrainingExposure Exposure(IReadOnlyList<IForecaster> models) => models.Any(m => m.Exposure == PretrainingExposure.Contaminated)
        ? PretrainingExposure.Contaminated
        : models.Any(m => m.Exposure == PretrainingExposure.Unknown) ? PretrainingExposure.Unknown : PretrainingExposure.Clean;

    /// <summary>The engines of the models, each once; null when none needs one.</summary>
    public static string? EngineOn(IReadOnlyList<IForecaster> models, string device)
    {
        string[] engines = [.. models.Select(m => m.EngineOn(device)).OfType<string>().Distinct(StringComparer.Ordinal)];
        return engines.Length == 0 ? null : string.Join("; ", engines);
    }

    /// <summary>Writes a fitted model as one entry, so that the entries of several do not meet.</summary>
    public static void Save(ModelArchive archive, string entry, IFittedForecaster fitted)
    {
        var own = new ModelArchive();
        fitted.Save(own);
        using var bytes = new MemoryStream();
        own.Save(bytes);
        archive.Write(entry, bytes.ToArray());
    }

    /// <exception cref="ForecastException">No such entry, or a damaged one.</exception>
    public static IFittedForecaster Load(ModelArchive archive, string entry, IForecaster model)
    {
        using var bytes = new MemoryStream(archive.Read(entry).ToArray());
        return model.Load(ModelArchive.Open(bytes));
    }

    /// <summary>Part <paramref name="part"/> of <paramref name="parts"/> of a fit's progress.</summary>
    public static FitContext Part(FitContext context, int part, int parts, ulong seed) => context with
    {
        Seed = seed,
        Progress = context.Progress is { } whole ? new PartOfProgress(whole, part, parts) : null,
    };

    /// <summary>
    /// <c>never</c> (the default) or <c>every:K</c>, as for the outer walk-forward.
    /// </summary>
    /// <param name="text">The option's value; null = left out.</param>
    /// <param name="every">K; null = never.</param>
    /// <returns>False when the text is neither.</returns>
    public static bool TryRefit(string? text, out int? every)
    {
        every = null;
        if (text is null || text.Equals("never", StringComparison.OrdinalIgnoreCase)) return true;
        if (!text.StartsWith("every:", StringComparison.OrdinalIgnoreCase) || !int.TryParse(text.AsSpan("every:".Length).Trim(), out var folds) || folds < 1) return false;
        every = folds;
        return true;
    }

    private sealed class PartOfProgress(IProgress<double> whole, int part, int parts) : IProgress<double>
    {
        public void Report(double value) => whole.Report((part + value) / parts);
    }
}
