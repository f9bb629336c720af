using Forecast.Core;

namespace Forecast.Hosting.Pulls;

/// <summary>A hub or a folder on a server, fetched file by file.</summary>
internal static class RemoteSource
{
    /// <param name="request">What and from where.</param>
    /// <param name="name">OWNER/NAME in the cache.</param>
    /// <param name="work">Where the files gather.</param>
    /// <param name="pinned">What the lock wants, or null.</param>
    /// <param name="progress">Told of bytes and of trouble.</param>
    /// <param name="cancellation">Keeps what is there.</param>
    public static async Task<(string? Commit, IReadOnlyList<PulledFile> Files, long Fetched)> FetchAsync(
        PullRequest request, string name, string work, LockedModel? pinned, IProgress<PullProgress>? progress, CancellationToken cancellation)
    {
        using var server = new HubServer(request.IsAddress ? PullRequest.Address(request.Source, "SOURCE") : request.Hub, request.Token, request.Patience);
        var whole = progress is null ? null : new WholeProgress(progress);
        var download = new FileDownload(server, request, whole);
        var listing = request.IsAddress ? new HubListing(null, null) : await ListAsync(server, request, pinned?.Commit ?? request.Revision, progress, cancellation);
        var revision = listing.Commit ?? pinned?.Commit ?? request.Revision;
        var files = new List<PulledFile>();

        async Task<bool> GetAsync(string file, bool optional)
        {
            (long? Size, string? Sha256) known = default;
            if (listing.Files is { } list && !list.TryGetValue(file, out known))
                return optional ? false : throw new ForecastException("pull-missing", $"{server.Host} has no '{file}' of '{name}'", "SOURCE");
            var address = request.IsAddress ? server.File(file) : server.File(request.Source, revision, file);
            if (await download.RunAsync(address, file, Path.Combine(work, file), known.Size, optional, cancellation) is not { } got) return false;
            if (known.Sha256 is { } hash && hash != got.Sha256)
            {
                File.Delete(Path.Combine(work, file));
                throw new ForecastException("pull-damaged", $"'{file}' has the SHA-256 {got.Sha256} where {server.Host} states {hash}; it was thrown away", "SOURCE");
            }

            files.Add(got);
            whole?.Finish(got.Size);
            return true;
        }

        var weights = listing.Files is { } all ? ModelFiles.ChooseWeights(all.ContainsKey, name) : null;
        if (weights is not null && !ModelFiles.IsIndex(weights)) whole?.Expect(ModelFiles.Others.Append(ModelFiles.Config).Append(weights).Where(listing.Files!.ContainsKey).Select(f => listing.Files![f].Size));
        await GetAsync(ModelFiles.Config, optional: true);
        if (weights is not null) await GetAsync(weights, optional: false);
        else weights = await ProbeAsync(GetAsync, name);
        if (ModelFiles.IsIndex(weights))
        {
            foreach (var shard in ModelFiles.Shards(Path.Combine(work, weights))) await GetAsync(shard, optional: false);
        }

        foreach (var other in ModelFiles.Others) await GetAsync(other, optional: true);
        return (listing.Commit, [.. files.OrderBy(f => f.Name, StringComparer.Ordinal)], download.Fetched);
    }

    /// <summary>The list, asked for again while the server is busy or away.</summary>
    private static async Task<HubListing> ListAsync(HubServer server, PullRequest request, string revision, IProgress<PullProgress>? progress, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            string trouble;
            try
            {
                return await server.ListAsync(request.Source, revision, cancellation);
            }
            catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                trouble = e is OperationCanceledException ? $"silent for {request.Patience.TotalSeconds:0} s" : e.Message;
            }

            if (attempt >= request.Attempts) throw new ForecastException("hub-away", $"{server.Host} cannot be reached: {trouble}; --mirror names another server, --offline uses what is here", "mirror");
            progress?.Report(new PullProgress(request.Source, 0, null, trouble));
            await Task.Delay(request.Pause * attempt, cancellation);
        }
    }

    /// <summary>Asks for each form of weights in turn, where no list says which there is.</summary>
    private static async Task<string> ProbeAsync(Func<string, bool, Task<bool>> get, string name)
    {
        foreach (var form in new[] { ModelFiles.SingleWeights[0], ModelFiles.SafetensorsIndex, ModelFiles.SingleWeights[1], ModelFiles.SingleWeights[2], ModelFiles.CheckpointIndex })
        {
            if (await get(form, true)) return form;
        }

        return ModelFiles.ChooseWeights(_ => false, name);
    }

    /// <summary>Adds to the bytes of one file those of all.</summary>
    private sealed class WholeProgress(IProgress<PullProgress> inner) : IProgress<PullProgress>
    {
        private long _finished;
        private long? _size;

        /// <param name="sizes">Of all files; one that is not known leaves the whole unknown.</param>
        public void Expect(IEnumerable<long?> sizes) => _size = sizes.Aggregate((long?)0, (sum, s) => sum + s);

        public void Finish(long size) => _finished += size;

        public void Report(PullProgress value) => inner.Report(value with { All = _size is { } size ? (_finished + value.Done, size) : null });
    }
}
