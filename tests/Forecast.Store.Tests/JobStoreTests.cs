using Forecast.Core;
using Forecast.Store.Events;
using Forecast.Store.Jobs;
using Forecast.Store.Runs;
using Forecast.Store.Tests.Support;
using NodaTime;

namespace Forecast.Store.Tests;

public abstract class JobStoreTests(StoreKind kind)
{
    private static readonly Duration Lease = Duration.FromSeconds(30);

    [Fact]
    public async Task The_same_key_is_the_same_job()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var asked = new NewJob { Kind = "backtest", SpecJson = """{"a":1}""", IdempotencyKey = "key-1" };

        var first = await store.Jobs.CreateAsync(asked, TempStore.Cancellation);
        var again = await store.Jobs.CreateAsync(asked, TempStore.Cancellation);
        var otherKind = await store.Jobs.CreateAsync(asked with { Kind = "training" }, TempStore.Cancellation);
        var noKey = await store.Jobs.CreateAsync(asked with { IdempotencyKey = null }, TempStore.Cancellation);
        var noKeyAgain = await store.Jobs.CreateAsync(asked with { IdempotencyKey = null }, TempStore.Cancellation);

        first.Created.ShouldBeTrue();
        again.ShouldBe(new JobTicket(first.Job, Created: false));
        otherKind.Created.ShouldBeTrue();
        noKeyAgain.Job.Id.ShouldNotBe(noKey.Job.Id);
        (first.Job.State, first.Job.SpecJson, first.Job.Attempts, first.Job.CancelRequested, first.Job.Claim).ShouldBe((JobState.Queued, """{"a":1}""", 0, false, null));
        (await Should.ThrowAsync<ForecastException>(() => store.Jobs.CreateAsync(asked with { SpecJson = "{}" }, TempStore.Cancellation))).Code.ShouldBe("idempotency-key-reused");
        (await Should.ThrowAsync<ForecastException>(() => store.Jobs.CreateAsync(asked with { RunId = "none", IdempotencyKey = null }, TempStore.Cancellation))).Code.ShouldBe("run-unknown");
        (await temp.CountAsync("jobs")).ShouldBe(4);
    }

    [Fact]
    public async Task The_same_key_at_once_makes_one_job()
    {
        await using var temp = new TempStore(kind);
        IForecastStore[] stores = [await temp.OpenAsync(), await temp.OpenAsync()];
        var asked = new NewJob { Kind = "backtest", SpecJson = "{}", IdempotencyKey = "key" };

        var tickets = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => stores[i % 2].Jobs.CreateAsync(asked, TempStore.Cancellation))));

        tickets.Count(t => t.Created).ShouldBe(1);
        tickets.Select(t => t.Job.Id).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Jobs_are_claimed_oldest_first_by_one_worker_each()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync(new StepClock(Duration.FromMilliseconds(1)));
        var ids = new List<string>();
        foreach (var asked in (string[])["pull", "backtest", "pull"]) ids.Add(await NewAsync(store, asked));

        (await store.Jobs.ClaimAsync("w1", Lease, ["backtest"], TempStore.Cancellation))!.Id.ShouldBe(ids[1]);
        var claimed = (await store.Jobs.ClaimAsync("w1", Lease, cancellation: TempStore.Cancellation))!;
        (claimed.Id, claimed.State, claimed.Worker, claimed.Attempts, claimed.StartedAt.HasValue).ShouldBe((ids[0], JobState.Running, "w1", 1, true));
        claimed.Claim.ShouldBe(new JobClaim(ids[0], "w1", 1));
        (await store.Jobs.ClaimAsync("w2", Lease, ["backtest", "training"], TempStore.Cancellation)).ShouldBeNull();
        (await store.Jobs.ClaimAsync("w2", Lease, [], TempStore.Cancellation)).ShouldBeNull();
        (await store.Jobs.ClaimAsync("w2", Lease, cancellation: TempStore.Cancellation))!.Id.ShouldBe(ids[2]);
        (await store.Jobs.ClaimAsync("w2", Lease, cancellation: TempStore.Cancellation)).ShouldBeNull();
        (await store.Jobs.ListAsync(states: [JobState.Running], cancellation: TempStore.Cancellation)).Items.Select(j => j.Id).ShouldBe(((IEnumerable<string>)ids).Reverse());
    }

    [Fact]
    public async Task Many_claimants_never_share_a_job()
    {
        await using var temp = new TempStore(kind);
        IForecastStore[] stores = [await temp.OpenAsync(), await temp.OpenAsync(), await temp.OpenAsync()];
        for (var i = 0; i < 20; i++) await NewAsync(stores[0], "pull");

        var claimed = await Task.WhenAll(stores.Select((store, w) => Task.Run(async () =>
        {
            var mine = new List<string>();
            while (await store.Jobs.ClaimAsync($"w{w}", Lease, cancellation: TempStore.Cancellation) is { } job) mine.Add(job.Id);
            return mine;
        })));

        claimed.Sum(c => c.Count).ShouldBe(20);
        claimed.SelectMany(c => c).Distinct().Count().ShouldBe(20);
    }

    [Fact]
    public async Task A_job_of_a_silent_worker_is_taken_over_and_the_old_claim_is_void()
    {
        await using var temp = new TempStore(kind);
        var clock = new StepClock(Duration.Zero);
        var store = await temp.OpenAsync(clock);
        await NewAsync(store, "pull");
        var old = (await store.Jobs.ClaimAsync("w1", Lease, cancellation: TempStore.Cancellation))!.Claim!;

        clock.Advance(Duration.FromSeconds(29));
        (await store.Jobs.ProgressAsync(old, 0.5, "half-way", Lease, TempStore.Cancellation)).ShouldBe(JobOrder.GoOn);
        clock.Advance(Duration.FromSeconds(29));
        (await store.Jobs.ClaimAsync("w2", Lease, cancellation: TempStore.Cancellation)).ShouldBeNull(); // renewed
        clock.Advance(Duration.FromSeconds(2));
        var taken = (await store.Jobs.ClaimAsync("w1", Lease, cancellation: TempStore.Cancellation))!; // the same name, another attempt

        taken.Attempts.ShouldBe(2);
        (await store.Jobs.ProgressAsync(old, 0.9, null, Lease, TempStore.Cancellation)).ShouldBe(JobOrder.Lost);
        (await store.Jobs.SucceedAsync(old, "{}", TempStore.Cancellation)).ShouldBeFalse();
        (await store.Jobs.FailAsync(old, "c", "m", TempStore.Cancellation)).ShouldBeFalse();
        (await store.Jobs.FindAsync(old.JobId, TempStore.Cancellation)).ShouldBe(taken);
        (await store.Jobs.SucceedAsync(taken.Claim!, """{"hash":"ff"}""", TempStore.Cancellation)).ShouldBeTrue();
        (await store.Jobs.SucceedAsync(taken.Claim!, """{"hash":"00"}""", TempStore.Cancellation)).ShouldBeFalse();

        var ended = (await store.Jobs.FindAsync(old.JobId, TempStore.Cancellation))!;
        (ended.State, ended.ResultJson, ended.Progress, ended.Message, ended.FinishedAt.HasValue, ended.Claim).ShouldBe((JobState.Succeeded, """{"hash":"ff"}""", 1.0, "half-way", true, null));
        (await Kinds(store, old.JobId)).ShouldBe(["queued", "running", "progress", "running", "succeeded"]);
    }

    [Fact]
    public async Task Cancelling_ends_a_waiting_job_and_asks_a_running_one()
    {
        await using var temp = new TempStore(kind);
        var clock = new StepClock(Duration.FromMilliseconds(1));
        var store = await temp.OpenAsync(clock);
        var (running, waiting, abandoned) = (await NewAsync(store, "a"), await NewAsync(store, "b"), await NewAsync(store, "c"));
        var claim = (await store.Jobs.ClaimAsync("w", Lease, ["a"], TempStore.Cancellation))!.Claim!;
        var left = (await store.Jobs.ClaimAsync("w", Lease, ["c"], TempStore.Cancellation))!.Claim!;
        var run = await store.Runs.CreateAsync(Sample.Run(), TempStore.Cancellation);
        await store.Runs.StartAsync(run, TempStore.Cancellation);
        await store.Jobs.AttachRunAsync(left, run, TempStore.Cancellation);

        foreach (var id in (string[])[running, waiting, abandoned]) (await store.Jobs.RequestCancelAsync(id, TempStore.Cancellation)).ShouldBeTrue();

        (await store.Jobs.FindAsync(waiting, TempStore.Cancellation))!.State.ShouldBe(JobState.Cancelled);
        (await store.Jobs.RequestCancelAsync(waiting, TempStore.Cancellation)).ShouldBeFalse();
        (await store.Jobs.RequestCancelAsync(running, TempStore.Cancellation)).ShouldBeTrue(); // still on its way
        (await store.Jobs.ProgressAsync(claim, 0.1, null, Lease, TempStore.Cancellation)).ShouldBe(JobOrder.Stop);
        (await store.Jobs.ConfirmCancelAsync(claim, TempStore.Cancellation)).ShouldBeTrue();
        (await store.Jobs.FindAsync(running, TempStore.Cancellation))!.State.ShouldBe(JobState.Cancelled);
        clock.Advance(Duration.FromMinutes(1));
        (await store.Jobs.ClaimAsync("w2", Lease, cancellation: TempStore.Cancellation)).ShouldBeNull();
        (await store.Jobs.FindAsync(abandoned, TempStore.Cancellation))!.State.ShouldBe(JobState.Cancelled); // its worker died after the request
        (await store.Runs.FindAsync(run, TempStore.Cancellation))!.Status.ShouldBe(RunStatus.Cancelled, "no worker is to go on with it");
        (await Kinds(store, running)).ShouldBe(["queued", "running", "cancelling", "progress", "cancelled"]);
    }

    [Fact]
    public async Task A_job_that_fails_says_why_and_names_its_run()
    {
        await using var temp = new TempStore(kind);
        var store = await temp.OpenAsync();
        var run = await store.Runs.CreateAsync(Sample.Run(), TempStore.Cancellation);
        await NewAsync(store, "backtest");
        var claim = (await store.Jobs.ClaimAsync("w", Lease, cancellation: TempStore.Cancellation))!.Claim!;

        (await store.Jobs.AttachRunAsync(claim, run, TempStore.Cancellation)).ShouldBeTrue();
        (await store.Jobs.AttachRunAsync(claim with { Attempt = 7 }, run, TempStore.Cancellation)).ShouldBeFalse();
        (await store.Jobs.FailAsync(claim, "no-series", "the data hold no series", TempStore.Cancellation)).ShouldBeTrue();

        var job = (await store.Jobs.FindAsync(claim.JobId, TempStore.Cancellation))!;
        (job.State, job.RunId, job.ErrorCode, job.ErrorMessage, job.Progress).ShouldBe((JobState.Failed, run, "no-series", "the data hold no series", null));
        (await Should.ThrowAsync<ForecastException>(() => store.Jobs.SucceedAsync(new JobClaim("none", "w", 1), null, TempStore.Cancellation))).Code.ShouldBe("job-unknown");
        (await Should.ThrowAsync<ForecastException>(() => store.Jobs.RequestCancelAsync("none", TempStore.Cancellation))).Code.ShouldBe("job-unknown");
        (await Should.ThrowAsync<ForecastException>(() => store.Jobs.AttachRunAsync(claim, "none", TempStore.Cancellation))).Code.ShouldBe("run-unknown");
    }

    private static async Task<string> NewAsync(IForecastStore store, string kind) =>
        (await store.Jobs.CreateAsync(new NewJob { Kind = kind, SpecJson = "{}" }, TempStore.Cancellation)).Job.Id;

    private static async Task<List<string>> Kinds(IForecastStore store, string job) =>
        [.. (await store.Events.ReadAfterAsync(Streams.OfJob(job), 0, cancellation: TempStore.Cancellation)).Select(e => e.Kind)];
}

public sealed class JobStoreOnSqliteTests() : JobStoreTests(StoreKind.Sqlite);

public sealed class JobStoreOnPostgresTests() : JobStoreTests(StoreKind.Postgres);
