using System.Security.Cryptography;
using Forecast.Core;
using Forecast.Models.Weights;

namespace Forecast.Hosting.Pulls;

/// <summary>
/// Brings a published model into the cache: configuration, weights, tokenizer. Files gather in a folder of their own and take their place
/// only when all of them are complete and have the hashes that the lock pins (or, the first time, are pinned).
/// </summary>
public static class ModelPuller
{
    /// <param name="request">What and from where.</param>
    /// <param name="progress">Told of bytes and of trouble.</param>
    /// <param name="cancellation">Stops; what was fetched is kept for the next time.</param>
    /// <exception cref="ForecastException">No such model, no right to it, a server that does not answer, or files that are not those of the lock.</exception>
    public static async Task<PullResult> PullAsync(PullRequest request, IProgress<PullProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var name = request.Validated().CacheName();
        var folder = Inside(request.Cache, name);
        var locked = ModelLock.Find(request.LockPath, name);
        if (request.Offline) return await CheckAsync(request, name, folder, locked, cancellation);
        var work = Inside(Path.Combine(request.Cache, ".partial"), name);
        Directory.CreateDirectory(work);
        using var gate = FolderGate.Enter(Path.Combine(work, ".gate"), cancellation);
        var pinned = request.Update ? null : locked;
        if (pinned is not null && await IsCompleteAsync(folder, pinned, cancellation)) return new PullResult(name, folder, pinned.Commit, pinned.Files, 0);
        var (commit, files, fetched) = request.IsFolder
            ? (null, await LocalSource.CopyAsync(request.Source, work, cancellation), 0)
            : await RemoteSource.FetchAsync(request, name, work, pinned, progress, cancellation);
        if (pinned is not null) Compare(pinned, files, name, work);
        CheckWeights(work, name);
        Install(work, folder, files);
        ModelLock.Pin(request.LockPath, name, new LockedModel(Origin(request), request.Revision, commit, files));
        return new PullResult(name, folder, commit, files, fetched);
    }

    private static string Origin(PullRequest request) =>
        request.IsAddress ? request.Source : request.IsFolder ? $"folder {Path.GetFileName(Path.TrimEndingDirectorySeparator(request.Source))}" : request.Hub.ToString();

    /// <summary>A folder of the cache; refused where a link would lead elsewhere.</summary>
    private static string Inside(string cache, string name)
    {
        var root = Path.GetFullPath(cache);
        var folder = Path.GetFullPath(Path.Combine([root, .. name.Split('/')]));
        if (!folder.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw Leads(name);
        for (var at = new DirectoryInfo(folder); at is not null && at.FullName.Length > root.Length; at = at.Parent)
        {
            if (at.LinkTarget is not null) throw Leads(name);
        }

        return folder;

        static ForecastException Leads(string name) => new("pull-path", $"the cache's place of '{name}' is a link that leads out of it", "name");
    }

    private static async Task<PullResult> CheckAsync(PullRequest request, string name, string folder, LockedModel? locked, CancellationToken cancellation)
    {
        if (locked is null) throw new ForecastException("pull-offline", $"'{name}' was never fetched ('{request.LockPath}' does not know it), and no server may be asked", "offline");
        foreach (var file in locked.Files)
        {
            if (await DamageAsync(folder, file, cancellation) is { } damage) throw new ForecastException("pull-offline", $"{damage}, and no server may be asked", "offline");
        }

        return new PullResult(name, folder, locked.Commit, locked.Files, 0);
    }

    private static async Task<bool> IsCompleteAsync(string folder, LockedModel locked, CancellationToken cancellation)
    {
        foreach (var file in locked.Files)
        {
            if (await DamageAsync(folder, file, cancellation) is not null) return false;
        }

        return locked.Files.Count > 0;
    }

    private static async Task<string?> DamageAsync(string folder, PulledFile file, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, file.Name);
        if (!File.Exists(path)) return $"'{path}' is missing";
        if (new FileInfo(path).Length != file.Size) return $"'{path}' has {new FileInfo(path).Length} bytes where the lock says {file.Size}";
        await using var stream = File.OpenRead(path);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
        return hash == file.Sha256 ? null : $"'{path}' has the SHA-256 {hash} where the lock says {file.Sha256}";
    }

    private static void Compare(LockedModel pinned, IReadOnlyList<PulledFile> files, string name, string work)
    {
        foreach (var wanted in pinned.Files)
        {
            var found = files.FirstOrDefault(f => f.Name == wanted.Name);
            if (found == wanted) continue;
            Directory.Delete(work, recursive: true);
            throw new ForecastException(
                "pull-changed",
                found is null
                    ? $"'{name}' no longer has '{wanted.Name}', which the lock pins; --update takes what there is now"
                    : $"'{wanted.Name}' of '{name}' has the SHA-256 {found.Sha256} where the lock pins {wanted.Sha256}; --update takes what there is now",
                "lock");
        }
    }

    /// <summary>A file that cannot be opened is not installed.</summary>
    private static void CheckWeights(string work, string name)
    {
        try
        {
            using var file = WeightFile.Open(work);
        }
        catch (ForecastException e)
        {
            Directory.Delete(work, recursive: true);
            throw new ForecastException(e.Code, $"'{name}' was fetched, but its weights cannot be read: {e.Message}", "SOURCE", inner: e);
        }
    }

    private static void Install(string work, string folder, IReadOnlyList<PulledFile> files)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in files) File.Move(Path.Combine(work, file.Name), Path.Combine(folder, file.Name), overwrite: true);
        // Another form of weights of an earlier pull would be opened in place of the new one.
        var kept = files.Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var old in ModelFiles.SingleWeights.Append(ModelFiles.SafetensorsIndex).Append(ModelFiles.CheckpointIndex).Where(n => !kept.Contains(n))) File.Delete(Path.Combine(folder, old));
        foreach (var rest in Directory.GetFiles(work).Where(f => Path.GetFileName(f) != ".gate")) File.Delete(rest);
    }
}
