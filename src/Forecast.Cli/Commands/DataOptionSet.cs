using System.CommandLine;
using Forecast.Core;
using Forecast.Core.Data;
using Forecast.Hosting;
using Forecast.Hosting.Data;
using Forecast.Store;

namespace Forecast.Cli.Commands;

/// <summary>DATA and the options that say how to read it, the same for every verb.</summary>
internal sealed class DataOptionSet
{
    private readonly Option<string?> _frequency = new("--frequency") { Description = "How often: P1D, P7D, P1M, P3M, P1Y, PT1H, PT30M, ..., B (business days) or index" };
    private readonly Option<string?> _calendar = new("--calendar") { Description = "24x7, business, XNYS, XLON, XETR, TARGET: dates the future" };
    private readonly Option<string?> _zone = new("--zone") { Description = "Time zone of timestamps without offset, as Europe/Berlin; default UTC" };
    private readonly Option<string?> _time = new("--time") { Description = "Name of the time column" };
    private readonly Option<string?> _id = new("--id") { Description = "Long form: name of the series column" };
    private readonly Option<string?> _value = new("--value") { Description = "Long form: name of the value column" };
    private readonly Option<string?> _availableAt = new("--available-at") { Description = "Name of the column that says when a value became known" };
    private readonly Option<string?> _past = new("--past") { Description = "Columns that are past covariates, split at commas" };
    private readonly Option<string?> _future = new("--future") { Description = "Columns that are known in advance, split at commas" };
    private readonly Option<string?> _returns = new("--returns") { Description = "log or simple: turn prices into returns before anything else" };
    private readonly Option<string?> _unit = new("--unit") { Description = "Unit of the values" };
    private readonly Option<string?> _notes = new("--notes") { Description = "A CSV of what was known in words: from, text, and where given to, known_from, unique_id" };
    private readonly Argument<string?> _data;

    public DataOptionSet(bool required = true) => _data = new Argument<string?>("DATA")
    {
        Description = "A CSV (wide or long, also .csv.gz), a shipped dataset, columns of it (ecb_reference_rates:eur_usd), or several joined by +",
        Arity = required ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne,
    };

    private Option[] All => [_frequency, _calendar, _zone, _time, _id, _value, _availableAt, _past, _future, _returns, _unit];

    public void AddTo(Command command)
    {
        command.Add(_data);
        foreach (var option in All) command.Add(option);
        command.Add(_notes);
    }

    public string? Data(ParseResult parsed) => parsed.GetValue(_data);

    public async Task<Panel> ReadAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var data = Data(parsed) ?? throw new ForecastException("data-missing", "no DATA was named", "data");
        var panel = await ImportedAsync(parsed, data, cancellation) ?? await new DataSource(ForecastHome.Datasets).ReadAsync(data, Options(parsed), cancellation);
        return parsed.GetValue(_notes) is { } notes ? NotesReader.Add(panel, notes, parsed.GetValue(_zone)) : panel;
    }

    /// <summary>A long file, read a few series at a time; however large it is, since only a part of it is held.</summary>
    public IEnumerable<Panel> ReadParts(ParseResult parsed, int most, CancellationToken cancellation)
    {
        var data = Data(parsed) ?? throw new ForecastException("data-missing", "no DATA was named", "data");
        if (parsed.GetValue(_notes) is not null) throw new ForecastException("series-at-a-time-invalid", "notes belong to models that learn from all series together; leave --notes or --series-at-a-time out", "notes");
        return new DataSource(ForecastHome.Datasets, long.MaxValue).ReadParts(data, Options(parsed), most, cancellation);
    }

    /// <summary>How the data are to be read.</summary>
    public DataOptions Options(ParseResult parsed) =>
        new()
        {
            Frequency = parsed.GetValue(_frequency),
            Calendar = parsed.GetValue(_calendar),
            Zone = parsed.GetValue(_zone),
            TimeColumn = parsed.GetValue(_time),
            IdColumn = parsed.GetValue(_id),
            ValueColumn = parsed.GetValue(_value),
            AvailableAtColumn = parsed.GetValue(_availableAt),
            Past = Split(parsed.GetValue(_past)),
            Future = Split(parsed.GetValue(_future)),
            Returns = ParseReturns(parsed.GetValue(_returns)),
            Unit = parsed.GetValue(_unit),
        };

    /// <summary>Data that <c>forecast import</c> keeps under this name; files and shipped datasets of the same name go before.</summary>
    private async Task<Panel?> ImportedAsync(ParseResult parsed, string data, CancellationToken cancellation)
    {
        if (File.Exists(data) || !(ForecastStores.IsPostgres(ForecastHome.Store) || File.Exists(ForecastHome.Store))) return null;
        if (new DataSource(ForecastHome.Datasets).List().Any(d => string.Equals(d.Name, data, StringComparison.OrdinalIgnoreCase))) return null;
        await using var store = await ForecastStores.OpenAsync(ForecastHome.Store, cancellation);
        if (await store.Datasets.FindAsync(data, cancellation: cancellation) is not { } found) return null;
        if (All.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } given)
            throw new ForecastException("data-imported", $"'{data}' is kept in the store as it was imported; {given.Name} belongs to forecast import", given.Name.TrimStart('-'));
        return await store.Datasets.ReadPanelAsync(found.Id, cancellation: cancellation);
    }

    private static string[] Split(string? names) => names?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static Returns ParseReturns(string? text) => text switch
    {
        null => Returns.None,
        "log" => Returns.Log,
        "simple" => Returns.Simple,
        _ => throw new ForecastException("returns-unknown", $"--returns '{text}' is neither log nor simple", "returns"),
    };
}
