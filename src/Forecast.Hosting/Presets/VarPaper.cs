using System.Globalization;
using Forecast.Backtest.Plan;
using Forecast.Backtest.Results;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Hosting.Data;
using Forecast.Models.Catalogue;
using NodaTime;

namespace Forecast.Hosting.Presets;

/// <summary>An index over two years.</summary>
/// <param name="Index">Name of the file of closes, without <c>close_</c>.</param>
/// <param name="FirstYear">First of the two years.</param>
public sealed record VarCell(string Index, int FirstYear)
{
    public string Period => $"{FirstYear.ToString(CultureInfo.InvariantCulture)}_{(FirstYear + 1).ToString(CultureInfo.InvariantCulture)}";

    public Instant From => Instant.FromUtc(FirstYear, 1, 1, 0, 0);

    public Instant To => Instant.FromUtc(FirstYear + 1, 12, 31, 23, 59);
}

/// <summary>
/// The comparison of the LSTM-MDN paper (Herrig 2025): one-day Value-at-Risk at 99 % of three indices over 2017-18 and 2021-22, with the
/// expected shortfall at 97.5 % beside it. The paper's rivals are fitted each day to the last 251 returns; every other model is fitted once, to
/// all returns before the first day, and conditioned daily.
/// </summary>
public static class VarPaper
{
    public const string Name = "var-paper";

    public const double Alpha = 0.01;

    /// <summary>The paper's tail, and the one at which Basel asks for expected shortfall.</summary>
    private static readonly double[] Tails = [Alpha, 0.025];

    private const int Window = 251;

    /// <summary>The three indices over both spans.</summary>
    public static IReadOnlyList<VarCell> Cells { get; } =
        [.. new[] { 2017, 2021 }.SelectMany(year => new[] { "sp500", "ftse100", "euro_stoxx_50" }.Select(index => new VarCell(index, year)))];

    /// <summary>Models refitted daily, with their columns in the published files.</summary>
    public static IReadOnlyDictionary<string, string> Daily { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["historical-simulation(251)"] = "hs",
        ["cmm(251)"] = "cmm",
        ["garch(1,1){dist: ged, mean: zero}"] = "garch",
    };

    /// <summary>Models fitted once a cell, with their columns in the published files; empty = not published.</summary>
    public static IReadOnlyDictionary<string, string> Once { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["lstm-mdn(2)"] = "mdn2",
        ["lstm-mdn(2){regularise: 0.1}"] = "mdn2_reg",
        ["lstm-mdn(3)"] = "mdn3",
        ["lstm-mdn(3){preset: robust}"] = "",
        ["garch(1,1)-t"] = "",
    };

    /// <summary>The folder of closes: what the user named, else <c>tests/data/reference/var_lstm_mdn</c> beside the program or above it.</summary>
    /// <exception cref="ForecastException">No such folder, or a file of closes is not in it.</exception>
    public static string Folder(string? named)
    {
        var folder = named ?? ForecastHome.Upwards(AppContext.BaseDirectory, Path.Combine("tests", "data", "reference", "var_lstm_mdn"))
            ?? throw new ForecastException("preset-data-missing", $"preset {Name}: the closes of the paper are not beside this program; name the folder that holds {string.Join(", ", Files)} as DATA", "data");
        var missing = Files.FirstOrDefault(f => !System.IO.File.Exists(Path.Combine(folder, f)));
        return missing is null ? folder : throw new ForecastException("preset-data-missing", $"preset {Name}: there is no {missing} in '{folder}'; DATA is the folder that holds {string.Join(", ", Files)}", "data");
    }

    /// <summary>Simple returns of a cell's index.</summary>
    public static Task<Panel> ReadAsync(string folder, VarCell cell, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(cell);
        return new DataSource(ForecastHome.Datasets).ReadAsync(Path.Combine(folder, Closes(cell.Index)), new DataOptions { Frequency = "B", Returns = Returns.Simple }, cancellation);
    }

    /// <summary>What is run of a cell: the models fitted daily, then those fitted once; null where there is none.</summary>
    public static (RunSpec? Daily, RunSpec? Once) Specs(VarCell cell, IReadOnlyList<string>? models, ulong seed, string device)
    {
        ArgumentNullException.ThrowIfNull(cell);
        models ??= [.. Daily.Keys, .. Once.Keys];
        var plan = new WalkForwardPlan { Horizon = 1, From = cell.From, To = cell.To };
        return (
            Spec([.. models.Where(Daily.ContainsKey)], plan with { RollingRows = Window, RefitEvery = 1 }),
            Spec([.. models.Where(m => !Daily.ContainsKey(m))], plan with { RefitEvery = null }));

        RunSpec? Spec(string[] own, WalkForwardPlan walk) => own.Length == 0 ? null : new RunSpec
        {
            Data = $"{Name} {cell.Index} {cell.Period}",
            Models = own,
            Plan = walk,
            Levels = Tails,
            Risk = Tails,
            Seed = seed,
            Device = device,
        };
    }

    /// <summary>The models of a list, split at commas outside brackets.</summary>
    public static IReadOnlyList<string>? Models(string? list) => list is null ? null : ModelSpec.SplitList(list);

    private static IEnumerable<string> Files => Cells.Select(c => Closes(c.Index)).Distinct(StringComparer.Ordinal);

    private static string Closes(string index) => $"close_{index}.csv";
}
