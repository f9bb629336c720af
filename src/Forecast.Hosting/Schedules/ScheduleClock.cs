using System.Collections.Specialized;
using System.Globalization;
using Forecast.Store;
using Forecast.Store.Schedules;
using NodaTime;
using Quartz;
using Quartz.Impl;
using Quartz.Impl.Matchers;

namespace Forecast.Hosting.Schedules;

/// <summary>
/// Lets the schedules of the store fire. On Postgres the clocks of all servers are one: each firing is one server's, and what a dead one
/// left undone another takes up. On a file the clock lives in this process, and what was due while it was away is found when it starts.
/// </summary>
/// <param name="schedules">Where schedules are kept.</param>
/// <param name="address">Address of the store: a server's makes the clock a common one.</param>
/// <param name="complain">Told of trouble that is waited out.</param>
public sealed class ScheduleClock(IScheduleStore schedules, string address, Action<string, Exception> complain)
{
    private const string Group = "schedules";
    private const string Version = "version";

    /// <summary>How long another process's change of a schedule stays unseen.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    /// <summary>Looks between two searches for instants without a job.</summary>
    private const int LooksBetweenSearches = 6;

    private readonly MissedFirings _missed = new(schedules, SystemClock.Instance);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private IScheduler? _quartz;

    /// <summary>Lets schedules fire until stopped, and keeps the clock in step with the store.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        for (var looks = 0; !stop.IsCancellationRequested; looks++)
        {
            try
            {
                if (_quartz is null) await StartAsync(stop);
                else await ReadAsync(stop);
                if (looks % LooksBetweenSearches == 0) await _missed.MakeUpAsync(stop);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                // Whatever it was: a clock that ended here would let every schedule pass in silence.
                complain("the schedules could not be read", e);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            await Task.Delay(Look, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // A firing at hand is one row; it is let end.
        if (_quartz is { } quartz) await quartz.Shutdown(waitForJobsToComplete: true, CancellationToken.None);
    }

    /// <summary>Takes over what has changed in the store since the last time; a clock that does not run yet will when it starts.</summary>
    public async Task ReadAsync(CancellationToken cancellation)
    {
        if (_quartz is not { } quartz) return;
        await _gate.WaitAsync(cancellation);
        try
        {
            await ReadAsync(quartz, cancellation);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        var quartz = await new StdSchedulerFactory(Settings()).GetScheduler(cancellation);
        quartz.JobFactory = new Firing.Factory(schedules, complain);
        quartz.ListenerManager.AddSchedulerListener(new Trouble(complain));
        await ReadAsync(quartz, cancellation);
        await quartz.Start(cancellation);
        _quartz = quartz;
    }

    private async Task ReadAsync(IScheduler quartz, CancellationToken cancellation)
    {
        var active = (await schedules.ListAsync(cancellation)).Where(s => s.State is ScheduleState.Active).ToDictionary(s => s.Id, StringComparer.Ordinal);
        foreach (var key in await quartz.GetJobKeys(GroupMatcher<JobKey>.GroupEquals(Group), cancellation))
        {
            if (!active.ContainsKey(key.Name)) await quartz.DeleteJob(key, cancellation);
        }

        foreach (var schedule in active.Values)
        {
            var known = await quartz.GetJobDetail(new JobKey(schedule.Id, Group), cancellation);
            if (known?.JobDataMap.GetString(Version) != Text(schedule.Version)) await quartz.ScheduleJob(Job(schedule), [Trigger(schedule)], replace: true, cancellation);
        }
    }

    private static IJobDetail Job(StoredSchedule schedule) =>
        JobBuilder.Create<Firing>().WithIdentity(schedule.Id, Group).WithDescription(schedule.Name).UsingJobData(Version, Text(schedule.Version)).RequestRecovery().Build();

    /// <summary>The trigger looks back to the last instant that had its job, and what it finds there is missed: the policy says what becomes of it.</summary>
    private static ITrigger Trigger(StoredSchedule schedule)
    {
        var rule = CronRule.Parse(schedule.Cron, schedule.TimeZone);
        var from = schedule.Misfire is MisfirePolicy.Skip ? SystemClock.Instance.GetCurrentInstant() : Instant.Max(schedule.Since, (schedule.LastAt ?? schedule.Since) + Duration.FromSeconds(1));
        return TriggerBuilder.Create().WithIdentity(schedule.Id, Group).StartAt(from.ToDateTimeOffset()).WithCronSchedule(rule.Expression, cron =>
        {
            cron.InTimeZone(rule.Zone);
            _ = schedule.Misfire switch
            {
                MisfirePolicy.Skip => cron.WithMisfireHandlingInstructionDoNothing(),
                MisfirePolicy.Once => cron.WithMisfireHandlingInstructionFireAndProceed(),
                _ => cron.WithMisfireHandlingInstructionIgnoreMisfires(),
            };
        }).Build();
    }

    private NameValueCollection Settings()
    {
        var settings = new NameValueCollection(StringComparer.Ordinal)
        {
            ["quartz.scheduler.instanceName"] = "forecast",
            ["quartz.scheduler.instanceId"] = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}",
            ["quartz.threadPool.maxConcurrency"] = "4",
        };
        if (!ForecastStores.IsPostgres(address))
        {
            // Two clocks in one process (tests have them) must not be one.
            settings["quartz.scheduler.instanceName"] = $"forecast {Guid.NewGuid():N}";
            settings["quartz.jobStore.type"] = "Quartz.Simpl.RAMJobStore, Quartz";
            return settings;
        }

        settings["quartz.jobStore.type"] = "Quartz.Impl.AdoJobStore.JobStoreTX, Quartz";
        settings["quartz.jobStore.driverDelegateType"] = "Quartz.Impl.AdoJobStore.PostgreSQLDelegate, Quartz";
        settings["quartz.jobStore.tablePrefix"] = "qrtz_";
        settings["quartz.jobStore.dataSource"] = "store";
        settings["quartz.jobStore.useProperties"] = "true";
        settings["quartz.jobStore.clustered"] = "true";
        settings["quartz.jobStore.clusterCheckinInterval"] = "3000";
        settings["quartz.jobStore.clusterCheckinMisfireThreshold"] = "3000";
        settings["quartz.serializer.type"] = $"{typeof(StringMapSerializer).FullName}, {typeof(StringMapSerializer).Assembly.GetName().Name}";
        settings["quartz.dataSource.store.provider"] = "Npgsql";
        settings["quartz.dataSource.store.connectionString"] = ForecastStores.ConnectionString(address);
        return settings;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>What goes wrong inside Quartz is told like everything else.</summary>
    private sealed class Trouble(Action<string, Exception> complain) : Quartz.Listener.SchedulerListenerSupport
    {
        public override Task SchedulerError(string msg, SchedulerException cause, CancellationToken cancellationToken = default)
        {
            complain("the clock of the schedules has trouble", cause);
            return Task.CompletedTask;
        }
    }
}
