using System.CommandLine;
using Forecast.Backtest.Results;
using Forecast.Backtest.Risk;
using Forecast.Cli.Output;
using Forecast.Hosting;
using Forecast.Hosting.Datasets;
using Forecast.Hosting.Jobs;
using Forecast.Hosting.Schedules;
using Forecast.Models.Catalogue;
using Forecast.Store;
using Forecast.Store.Schedules;
using Forecast.Store.Tenants;
using NodaTime;
using NodaTime.Text;
using Spectre.Console;

namespace Forecast.Cli.Commands;

/// <summary><c>forecast schedule add|list|pause|resume|remove</c>: back-tests that the servers on this store make again and again.</summary>
internal static class ScheduleCommand
{
    public static Command Create(ModelCatalogue catalogue) => new("schedule", "Back-tests that a server makes again and again")
    {
        Add(catalogue),
        List(),
        Change("pause", "Let a schedule rest", (schedules, name, cancellation) => schedules.SetStateAsync(name, ScheduleState.Paused, cancellation)),
        Change("resume", "Let a schedule go on; what was due meanwhile is not made up for", (schedules, name, cancellation) => schedules.SetStateAsync(name, ScheduleState.Active, cancellation)),
        Change("remove", "Remove a schedule; its jobs stay", (schedules, name, cancellation) => schedules.DeleteAsync(name, cancellation)),
    };

    private static Command Add(ModelCatalogue catalogue)
    {
        var name = new Argument<string>("NAME") { Description = "Name of the schedule" };
        var cron = new Option<string>("--cron") { Description = "Five fields as in a crontab, or six with seconds in front", Required = true };
        var zone = new Option<string>("--time-zone") { Description = "Time zone of --cron, as Europe/Berlin", DefaultValueFactory = _ => "UTC" };
        var misfire = new Option<string>("--misfire") { Description = "Of instants at which no server was there: skip, once, or all", DefaultValueFactory = _ => "once" };
        var json = new Option<bool>("--json") { Description = "The schedule as JSON" };
        var (data, transforms, plan, strategy, device) = (new DataOptionSet(), new ModelOptionSet(), new PlanOptionSet(), new StrategyOptionSet(), new DeviceOption());
        var command = new Command("add", "Have a back-test made again and again, each time of the data as they are then") { name, cron, zone, misfire, json };
        data.AddTo(command);
        transforms.AddTo(command);
        plan.AddTo(command);
        strategy.AddTo(command);
        device.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var store = await ForecastStores.OpenAsync(ForecastHome.Store, cancellation);
            var options = data.Options(parsed);
            var panel = await new DatasetLibrary(ForecastHome.Datasets, store.Datasets).ReadAsync(data.Data(parsed)!, options, cancellation);
            var spec = new RunSpec
            {
                Data = data.Data(parsed)!,
                Models = [.. plan.Models(parsed).Select(m => transforms.Apply(m, parsed))],
                Plan = plan.Plan(parsed, panel.Frequency),
                Levels = plan.Levels(parsed),
                Seed = plan.Seed(parsed),
            };
            spec = RiskTails.With(spec, panel, plan.Risk(parsed)) with { Strategy = strategy.Read(parsed, spec.Plan) };
            var book = new ScheduleBook(Own(store), new BacktestJobs(store.Datasets, store.Jobs, catalogue, device.Resolve(parsed)));
            var work = new ScheduledBacktest(data.Data(parsed)!, options, spec, BacktestCommand.CommandText());
            var schedule = await book.AddAsync(parsed.GetValue(name)!, parsed.GetValue(cron)!, parsed.GetValue(zone)!, ScheduleBook.Policy(parsed.GetValue(misfire)!), panel, work, cancellation);
            if (parsed.GetValue(json)) Json.Print(Told(schedule));
            else Terminal.Out.WriteLine($"{schedule.Name}: next at {Next(schedule)}");
            return 0;
        });
        return command;
    }

    private static Command List()
    {
        var json = new Option<bool>("--json") { Description = "As JSON" };
        var command = new Command("list", "The schedules of the store") { json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var store = await ForecastStores.OpenAsync(ForecastHome.Store, cancellation);
            var schedules = await Own(store).ListAsync(cancellation);
            if (parsed.GetValue(json))
            {
                Json.Print(schedules.Select(Told));
                return 0;
            }

            foreach (var s in schedules) Terminal.Out.WriteLine($"{s.Name}  {s.Cron}  {s.TimeZone}  {(s.State is ScheduleState.Paused ? "paused" : $"next at {Next(s)}")}");
            return 0;
        });
        return command;
    }

    private static Command Change(string verb, string summary, Func<IScheduleStore, string, CancellationToken, Task> change)
    {
        var name = new Argument<string>("NAME") { Description = "Name or id of the schedule" };
        var json = new Option<bool>("--json") { Description = "What was changed, as JSON" };
        var command = new Command(verb, summary) { name, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var store = await ForecastStores.OpenAsync(ForecastHome.Store, cancellation);
            await change(Own(store), parsed.GetValue(name)!, cancellation);
            if (parsed.GetValue(json)) Json.Print(new { name = parsed.GetValue(name), done = verb });
            return 0;
        });
        return command;
    }

    /// <summary>What is done on this machine is the default tenant's.</summary>
    private static IScheduleStore Own(IForecastStore store) => store.ForTenant(Tenant.Default).Schedules;

    private static object Told(StoredSchedule s) => new
    {
        s.Id,
        s.Name,
        s.Cron,
        s.TimeZone,
        misfire = s.Misfire.ToString().ToLowerInvariant(),
        state = s.State.ToString().ToLowerInvariant(),
        lastAt = s.LastAt is { } last ? InstantPattern.ExtendedIso.Format(last) : null,
        nextAt = s.State is ScheduleState.Active ? Next(s) : null,
        command = ScheduleBook.CommandOf(s),
    };

    private static string? Next(StoredSchedule s) => CronRule.Parse(s.Cron, s.TimeZone).Next(SystemClock.Instance.GetCurrentInstant()) is { } next ? InstantPattern.ExtendedIso.Format(next) : null;
}
