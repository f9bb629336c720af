using System.CommandLine;
using Forecast.Backtest.Engine;
using Forecast.Backtest.Metrics;
using Forecast.Cli.Output;
using Forecast.Core.Data;
using Forecast.Core.Forecasting;
using Forecast.Hosting;
using Forecast.Models.Catalogue;
using NodaTime;

namespace Forecast.Cli.Commands;

/// <summary><c>forecast fit DATA --model M</c>: estimates on all rows, and what R's summary would print.</summary>
internal static class FitCommand
{
    public static Command Create(ModelCatalogue catalogue)
    {
        var data = new DataOptionSet();
        var transforms = new ModelOptionSet();
        var device = new DeviceOption();
        var model = new Option<string>("--model", "-m") { Description = "Model string, as arima(0,1,1)(0,1,1)[12]", Required = true };
        var seed = new Option<ulong>("--seed") { Description = "Seed of what is random in the fit", DefaultValueFactory = _ => 1 };
        var workers = new WorkersOption();
        var json = new Option<bool>("--json") { Description = "Parameters, standard errors, criteria and paths as JSON" };
        var command = new Command("fit", "Fit a model and print its estimates");
        data.AddTo(command);
        transforms.AddTo(command);
        command.Add(model);
        command.Add(seed);
        workers.AddTo(command);
        device.AddTo(command);
        command.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            var name = transforms.Apply(parsed.GetValue(model)!, parsed);
            var forecaster = catalogue.Create(name);
            var place = device.Resolve(parsed);
            var engine = forecaster.EngineOn(place);
            var panel = await data.ReadAsync(parsed, cancellation);
            var cutoff = Horizons.LastKnown(panel);
            var context = new FitContext(parsed.GetValue(seed)) { Device = place, Training = new TrainingLines(), Cancellation = cancellation };
            var options = new BatchOptions { Degree = workers.Degree(parsed, engine), Cancellation = cancellation };
            var fits = SeriesProgressBar.Watch(panel.Series.Count, bar =>
                PanelForecasts.Fit(panel, cutoff, forecaster, new ForecastTask(1, ForecastTask.DefaultLevels), context, options with { SeriesDone = bar })).Require();
            var failures = Failures.Of(fits);
            if (parsed.GetValue(json))
            {
                Json.Print(new
                {
                    model = name,
                    engine,
                    dataHash = panel.DataHash,
                    series = fits.Values.Select(f => Report(panel, cutoff, f.Series, f.Value).ForPrograms()),
                    failures,
                });
            }
            else
            {
                foreach (var (series, summary) in fits.Values) Report(panel, cutoff, series, summary).Print(name);
                Failures.Print(failures);
            }

            return failures.Count == 0 ? 0 : 1;
        });
        return command;
    }

    /// <summary>The errors of fitted values are those of the rows that the fit saw.</summary>
    private static FitReport Report(Panel panel, Instant cutoff, string series, FitSummary summary) =>
        new(series, summary, TrainingErrors.Of(panel.Only([series]).AsOf(cutoff)[series].Target, summary, panel.Frequency.SeasonalPeriod));
}
