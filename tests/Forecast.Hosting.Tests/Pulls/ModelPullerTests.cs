using System.Text;
using Forecast.Core;
using Forecast.Hosting.Pulls;
using Forecast.Models.Weights;
using Forecast.Models.Weights.Safetensors;
using Forecast.Tests.Shared.Pulls;

namespace Forecast.Hosting.Tests.Pulls;

/// <summary>Pulls against a server that speaks real HTTP, with ranges, errors and cuts.</summary>
public sealed class ModelPullerTests : IAsyncLifetime
{
    private const string Name = "somebody/tiny-model";

    private readonly string _root = Path.Combine(Path.GetTempPath(), $"pull-{Guid.NewGuid():N}");
    private HubFake _hub = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await HubFake.StartAsync(Path.Combine(Cache, ".partial", "somebody", "tiny-model"));
        _hub.Files["config.json"] = "{\"a\": 1}"u8.ToArray();
        _hub.Files["model.safetensors"] = Weights(50_000);
        _hub.Files["README.md"] = "not wanted"u8.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        if (Directory.Exists(_root)) Directory.Delete(_root, recursive: true);
    }

    private string Cache => Path.Combine(_root, "cache");

    private string Folder => Path.Combine(Cache, "somebody", "tiny-model");

    [Fact]
    public async Task Configuration_and_weights_come_to_the_cache_and_into_the_lock()
    {
        var result = await PullAsync(Request());
        result.Files.Select(f => f.Name).ShouldBe(["config.json", "model.safetensors"]);
        result.Commit.ShouldBe(_hub.Commit);
        result.Folder.ShouldBe(Folder);
        result.BytesFetched.ShouldBe(_hub.Files["config.json"].Length + _hub.Files["model.safetensors"].Length);
        foreach (var file in result.Files)
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(Folder, file.Name), Stop);
            bytes.ShouldBe(_hub.Files[file.Name]);
            file.Sha256.ShouldBe(HubFake.Hash(bytes));
        }

        (await File.ReadAllTextAsync(Path.Combine(Cache, "models.lock.json"), Stop)).ShouldContain(result.Files[1].Sha256);
        _hub.Requests.ShouldAllBe(r => r.Path.Contains("/api/models/") || r.Path.StartsWith($"/{Name}/resolve/{_hub.Commit}/"), "files are of the commit that was listed");
    }

    [Fact]
    public async Task A_second_pull_asks_nobody()
    {
        await PullAsync(Request());
        _hub.Requests.Clear();
        (await PullAsync(Request())).BytesFetched.ShouldBe(0);
        _hub.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_transfer_that_is_cut_goes_on_where_it_was()
    {
        (_hub.CutAfter, _hub.Cuts) = (60_000, 3);
        var result = await PullAsync(Request());
        Bytes(result, "model.safetensors").ShouldBe(_hub.Files["model.safetensors"]);
        var ranges = _hub.Requests.Where(r => r.Path.EndsWith("model.safetensors", StringComparison.Ordinal)).Select(r => r.Range).ToArray();
        ranges.Length.ShouldBe(4);
        ranges[0].ShouldBe("");
        ranges[1..].ShouldAllBe(r => r.StartsWith("bytes=", StringComparison.Ordinal));
        result.BytesFetched.ShouldBe(_hub.Files.Where(f => f.Key != "README.md").Sum(f => f.Value.Length), "no byte is fetched twice");
    }

    [Fact]
    public async Task A_pull_that_was_given_up_is_resumed_by_the_next()
    {
        (_hub.CutAfter, _hub.Cuts) = (60_000, 1);
        (await RefusedAsync(Request() with { Attempts = 1 })).Code.ShouldBe("pull-cut");
        Directory.Exists(Folder).ShouldBeFalse("nothing incomplete is in place");
        _hub.Requests.Clear();
        var result = await PullAsync(Request());
        Bytes(result, "model.safetensors").ShouldBe(_hub.Files["model.safetensors"]);
        _hub.Requests.ShouldContain(r => r.Path.EndsWith("model.safetensors", StringComparison.Ordinal) && r.Range.StartsWith("bytes=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_part_of_another_version_starts_anew()
    {
        (_hub.CutAfter, _hub.Cuts) = (60_000, 1);
        await RefusedAsync(Request() with { Attempts = 1 });
        _hub.Files["model.safetensors"] = Weights(50_000, fill: 2);
        Bytes(await PullAsync(Request()), "model.safetensors").ShouldBe(_hub.Files["model.safetensors"]);
    }

    [Fact]
    public async Task A_server_without_ranges_sends_the_whole_again()
    {
        (_hub.CutAfter, _hub.Cuts, _hub.IgnoresRanges) = (60_000, 1, true);
        Bytes(await PullAsync(Request()), "model.safetensors").ShouldBe(_hub.Files["model.safetensors"]);
    }

    [Fact]
    public async Task A_busy_server_is_waited_for_and_a_dead_one_is_not()
    {
        _hub.Busy = 1;
        await PullAsync(Request());
        File.Delete(Path.Combine(Folder, "config.json"));
        await _hub.DisposeAsync();
        (await RefusedAsync(Request() with { Attempts = 2 })).Code.ShouldBe("hub-away");
    }

    [Fact]
    public async Task Files_are_asked_for_again_while_the_server_is_busy()
    {
        _hub.Lists = false;
        await PullAsync(Request());
        Directory.Delete(Folder, recursive: true);
        _hub.Busy = 2;
        (await PullAsync(new PullRequest($"{_hub.Address}/files") { Name = Name, Cache = Cache, Pause = TimeSpan.FromMilliseconds(1) })).Files.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_mirror_without_lists_is_asked_for_each_form_of_weights()
    {
        _hub.Lists = false;
        _hub.Files["pytorch_model.bin"] = [1, 2, 3];
        var result = await PullAsync(Request());
        result.Files.Select(f => f.Name).ShouldBe(["config.json", "model.safetensors"]);
        result.Commit.ShouldBeNull();
    }

    [Fact]
    public async Task Sharded_weights_come_with_their_index_and_a_stray_name_does_not()
    {
        _hub.Files.Remove("model.safetensors");
        _hub.Files["a-1.safetensors"] = Weights(10);
        _hub.Files["model.safetensors.index.json"] = "{\"weight_map\": {\"w\": \"a-1.safetensors\"}}"u8.ToArray();
        (await PullAsync(Request())).Files.Select(f => f.Name).ShouldBe(["a-1.safetensors", "config.json", "model.safetensors.index.json"]);
        _hub.Files["model.safetensors.index.json"] = "{\"weight_map\": {\"w\": \"../../outside.safetensors\"}}"u8.ToArray();
        (await RefusedAsync(Request() with { Update = true })).Code.ShouldBe("weights-invalid");
        File.Exists(Path.Combine(_root, "outside.safetensors")).ShouldBeFalse();
    }

    [Fact]
    public async Task Names_that_lead_out_of_the_folder_are_never_written()
    {
        _hub.StrayNames.AddRange(["../evil.json", "/etc/evil", "sub/config.json", "..", "tokenizer.json/../../x", "C:\\evil"]);
        var result = await PullAsync(Request());
        result.Files.Count.ShouldBe(2);
        Directory.EnumerateFileSystemEntries(_root, "*", SearchOption.AllDirectories).Select(Path.GetFileName).ShouldNotContain("evil.json");
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/files")]
    [InlineData("/etc")]
    [InlineData("{folder}")]
    [InlineData("a/../b")]
    public async Task What_others_ask_a_server_for_is_a_name_of_its_hub_and_nothing_else(string source)
    {
        Directory.CreateDirectory(_root);
        var error = await RefusedAsync(new PullRequest(source.Replace("{folder}", _root, StringComparison.Ordinal)) { Cache = Cache, HubOnly = true });
        (error.Code, error.Field).ShouldBe(("model-name", "source"));
        _hub.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/../../b")]
    [InlineData("/main")]
    [InlineData("main?x=1")]
    [InlineData("")]
    public async Task A_revision_leads_to_no_other_place_of_the_server(string revision)
    {
        (await RefusedAsync(Request() with { Revision = revision })).Code.ShouldBe("revision-invalid");
        _hub.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Bytes_of_all_files_are_told_beforehand()
    {
        var told = new List<PullProgress>();
        await ModelPuller.PullAsync(Request(), new Steps(told), Stop);
        var size = _hub.Files["config.json"].Length + _hub.Files["model.safetensors"].Length;
        told.ShouldAllBe(p => p.All!.Value.Size == size);
        told.Select(p => p.All!.Value.Done).ShouldBeInOrder();
        told[^1].All!.Value.Done.ShouldBe(size);
    }

    [Fact]
    public async Task A_pull_that_is_cancelled_in_mid_file_stops_at_once_and_keeps_its_bytes()
    {
        _hub.SilentAfter = 60_000;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var pull = ModelPuller.PullAsync(Request(), new Steps([], p => { if (p.Done >= 60_000) cancel.Cancel(); }), cancel.Token);
        await Should.ThrowAsync<OperationCanceledException>(() => pull.WaitAsync(TimeSpan.FromSeconds(20), Stop));
        Directory.Exists(Folder).ShouldBeFalse();
        _hub.SilentAfter = null;
        _hub.Requests.Clear();
        Bytes(await PullAsync(Request()), "model.safetensors").ShouldBe(_hub.Files["model.safetensors"]);
        _hub.Requests.ShouldContain(r => r.Range == "bytes=60000-");
    }

    [Theory]
    [InlineData("../outside/x")]
    [InlineData("a/..")]
    [InlineData("a/b/c")]
    [InlineData("/tmp/x")]
    [InlineData("a/.hidden")]
    [InlineData("a\\b/c")]
    public async Task Names_of_models_stay_inside_the_cache(string name) =>
        (await RefusedAsync(Request() with { Name = name })).Code.ShouldBe("model-name");

    [Fact]
    public async Task A_link_in_the_cache_is_not_followed()
    {
        var outside = Directory.CreateDirectory(Path.Combine(_root, "outside")).FullName;
        Directory.CreateDirectory(Cache);
        Directory.CreateSymbolicLink(Path.Combine(Cache, "somebody"), outside);
        (await RefusedAsync(Request())).Code.ShouldBe("pull-path");
        Directory.EnumerateFileSystemEntries(outside).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_token_opens_private_models_and_is_written_nowhere()
    {
        _hub.Token = "secret-token-123";
        var denied = await RefusedAsync(Request());
        denied.Code.ShouldBe("pull-denied");
        denied.Message.ShouldContain("FORECAST_HUB_TOKEN");
        var told = new List<string>();
        await ModelPuller.PullAsync(Request() with { Token = _hub.Token }, new Told(told), Stop);
        told.ShouldAllBe(l => !l.Contains(_hub.Token));
        (await RefusedAsync(Request() with { Token = "wrong-token-9", Update = true })).Message.ShouldNotContain("wrong-token-9");
        foreach (var file in Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories)) Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Stop)).ShouldNotContain(_hub.Token);
    }

    [Fact]
    public async Task A_token_does_not_travel_with_a_redirect_or_in_the_open()
    {
        await using var elsewhere = await HubFake.StartAsync(_root);
        foreach (var (file, bytes) in _hub.Files) elsewhere.Files[file] = bytes;
        (_hub.Token, _hub.RedirectTo) = ("secret-token-123", elsewhere.Address);
        await PullAsync(Request() with { Token = _hub.Token });
        elsewhere.Requests.Count.ShouldBe(2);
        elsewhere.Requests.ShouldAllBe(r => r.Authorization == "");
        (await RefusedAsync(Request() with { Mirror = "http://mirror.example", Token = "t", Update = true })).Code.ShouldBe("token-exposed");
    }

    [Fact]
    public async Task What_the_lock_pins_is_held()
    {
        await PullAsync(Request());
        Directory.Delete(Folder, recursive: true);
        _hub.Files["model.safetensors"] = Weights(50_000, fill: 2);
        (await RefusedAsync(Request())).Code.ShouldBe("pull-changed");
        Directory.Exists(Folder).ShouldBeFalse();
        Bytes(await PullAsync(Request() with { Update = true }), "model.safetensors").ShouldBe(_hub.Files["model.safetensors"]);
    }

    [Fact]
    public async Task A_lock_brought_along_pins_on_another_machine()
    {
        var own = Path.Combine(_root, "models.lock.json");
        await PullAsync(Request() with { LockFile = own });
        _hub.Requests.Clear();
        _hub.Commit = "c0ffee02";
        await PullAsync(Request() with { LockFile = own, Cache = Path.Combine(_root, "other") });
        _hub.Requests.First().Path.ShouldEndWith("/revision/c0ffee01", customMessage: "the pinned commit is asked for");
    }

    [Fact]
    public async Task A_file_that_was_changed_on_disk_is_fetched_again_and_told_of_when_offline()
    {
        await PullAsync(Request());
        (await PullAsync(Request() with { Offline = true })).Files.Count.ShouldBe(2);
        var path = Path.Combine(Folder, "model.safetensors");
        var bytes = await File.ReadAllBytesAsync(path, Stop);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Stop);
        (await RefusedAsync(Request() with { Offline = true })).Code.ShouldBe("pull-offline");
        await PullAsync(Request());
        (await File.ReadAllBytesAsync(path, Stop)).ShouldBe(_hub.Files["model.safetensors"]);
    }

    [Fact]
    public async Task Offline_asks_nobody_and_says_what_is_missing()
    {
        (await RefusedAsync(Request() with { Offline = true })).Code.ShouldBe("pull-offline");
        _hub.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_that_is_not_what_the_list_promises_is_thrown_away()
    {
        _hub.WrongHashes = true;
        (await RefusedAsync(Request())).Code.ShouldBe("pull-damaged");
        Directory.Exists(Folder).ShouldBeFalse();
    }

    [Fact]
    public async Task Weights_that_cannot_be_read_are_not_installed()
    {
        _hub.Files["model.safetensors"] = "<html>please log in</html>"u8.ToArray();
        (await RefusedAsync(Request())).Code.ShouldBe("weights-unsupported");
        Directory.Exists(Folder).ShouldBeFalse();
    }

    [Fact]
    public async Task What_the_server_does_not_have_is_said()
    {
        _hub.Files.Remove("model.safetensors");
        (await RefusedAsync(Request())).Code.ShouldBe("weights-missing");
        _hub.Lists = false;
        (await RefusedAsync(Request())).Code.ShouldBe("weights-missing");
    }

    [Fact]
    public async Task A_local_folder_is_copied_and_pinned()
    {
        var source = Directory.CreateDirectory(Path.Combine(_root, "tiny")).FullName;
        foreach (var (file, bytes) in _hub.Files) await File.WriteAllBytesAsync(Path.Combine(source, file), bytes, Stop);
        var result = await PullAsync(new PullRequest(source) { Cache = Cache });
        result.Name.ShouldBe("local/tiny");
        Bytes(result, "model.safetensors").ShouldBe(_hub.Files["model.safetensors"]);
        _hub.Requests.ShouldBeEmpty();
        await File.WriteAllBytesAsync(Path.Combine(source, "model.safetensors"), Weights(10), Stop);
        Directory.Delete(result.Folder, recursive: true);
        (await RefusedAsync(new PullRequest(source) { Cache = Cache })).Code.ShouldBe("pull-changed");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"a/b\": {\"source\": \"\", \"revision\": \"\", \"files\": [{\"name\": \"../x\", \"size\": 1, \"sha256\": \"\"}]}}")]
    [InlineData("{\"a/b\": null}")]
    public async Task A_damaged_lock_is_refused(string json)
    {
        Directory.CreateDirectory(Cache);
        await File.WriteAllTextAsync(Path.Combine(Cache, "models.lock.json"), json, Stop);
        (await RefusedAsync(Request())).Code.ShouldBe("lock-invalid");
    }

    [Theory]
    [InlineData("https://user:password@host/x")]
    [InlineData("ftp://host/x")]
    [InlineData("no address")]
    public async Task Addresses_with_secrets_or_of_other_kinds_are_refused(string mirror)
    {
        var error = await RefusedAsync(Request() with { Mirror = mirror });
        error.Code.ShouldBe("address-invalid");
        error.Message.ShouldNotContain("password@");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private PullRequest Request() => new(Name) { Mirror = _hub.Address, Cache = Cache, Pause = TimeSpan.FromMilliseconds(1) };

    private static Task<PullResult> PullAsync(PullRequest request) => ModelPuller.PullAsync(request, null, Stop);

    private static Task<ForecastException> RefusedAsync(PullRequest request) => Should.ThrowAsync<ForecastException>(() => PullAsync(request));

    private static byte[] Bytes(PullResult result, string file) => File.ReadAllBytes(Path.Combine(result.Folder, file));

    private static byte[] Weights(int values, byte fill = 1)
    {
        using var stream = new MemoryStream();
        var bytes = new byte[values * 4];
        Array.Fill(bytes, fill);
        SafetensorsWriter.Write(stream, [new WeightSource("w", WeightType.F32, [values], s => s.Write(bytes))]);
        return stream.ToArray();
    }

    private sealed class Steps(List<PullProgress> steps, Action<PullProgress>? also = null) : IProgress<PullProgress>
    {
        public void Report(PullProgress value)
        {
            steps.Add(value);
            also?.Invoke(value);
        }
    }

    private sealed class Told(List<string> lines) : IProgress<PullProgress>
    {
        public void Report(PullProgress value) => lines.Add(value.ToString());
    }
}
