using System.CommandLine;
using Forecast.Cli.Output;
using Forecast.Core;
using Forecast.Hosting;
using Forecast.Store;
using Spectre.Console;

namespace Forecast.Cli.Commands;

/// <summary><c>forecast import DATA --name N</c>: puts data into the store, where runs find them by name.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var data = new DataOptionSet();
        var name = new Option<string?>("--name") { Description = "Name in the store; default the data's own" };
        var json = new Option<bool>("--json") { Description = "What was stored, as JSON" };
        var command = new Command("import", "Read data and keep them in the store");
        data.AddTo(command);
        command.Add(name);
        command.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            var panel = await data.ReadAsync(parsed, cancellation);
            var wanted = parsed.GetValue(name) ?? Path.GetFileName(data.Data(parsed)!).Split('.')[0];
            if (string.IsNullOrWhiteSpace(wanted)) throw new ForecastException("name-missing", "the data have no name of their own; give --name", "name");
            await using var store = await ForecastStores.OpenAsync(ForecastHome.Store, cancellation);
            var stored = await store.Datasets.ImportAsync(wanted, panel, cancellation);
            if (parsed.GetValue(json))
            {
                Json.Print(new
                {
                    stored.Id,
                    stored.Name,
                    stored.Version,
                    stored.DataHash,
                    stored.Frequency,
                    stored.Calendar,
                    rows = stored.RowCount,
                    series = panel.Series.Select(s => new { s.Id, s.Unit, calendar = s.Calendar.Name, rows = s.Length, from = First(s.Length > 0 ? s.Times[0] : null), to = First(s.Length > 0 ? s.Times[^1] : null) }),
                });
            }
            else
            {
                Terminal.Out.WriteLine($"{stored.Name} version {stored.Version}: {stored.SeriesCount} series, {stored.RowCount} rows, {stored.Frequency}, hash {stored.DataHash}");
            }

            return 0;

            string? First(NodaTime.Instant? at) => at is { } instant ? panel.Frequency.Format(instant) : null;
        });
        return command;
    }
}
