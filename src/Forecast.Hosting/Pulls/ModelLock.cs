using System.Text.Json;
using Forecast.Core;

namespace Forecast.Hosting.Pulls;

/// <summary>One model of the lock: the version and the hash of every file.</summary>
/// <param name="Source">Where it came from; tokens are never part of it.</param>
/// <param name="Revision">What was asked for.</param>
/// <param name="Commit">What the server had under it; null for a folder.</param>
/// <param name="Files">By name.</param>
public sealed record LockedModel(string Source, string Revision, string? Commit, IReadOnlyList<PulledFile> Files);

/// <summary>
/// The lock file: what was fetched once is fetched again bit for bit, here or on another machine that is given the file. JSON, by name,
/// so that it can lie under version control.
/// </summary>
internal static class ModelLock
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <exception cref="ForecastException">The file is damaged.</exception>
    public static LockedModel? Find(string path, string name) => Read(path).GetValueOrDefault(name);

    /// <summary>Puts a model into the lock; the old file stays until the new one is complete.</summary>
    public static void Pin(string path, string name, LockedModel model)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        using var gate = FolderGate.Enter(path + ".gate");
        var models = Read(path);
        models[name] = model;
        var half = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        File.WriteAllText(half, JsonSerializer.Serialize(models, Options) + "\n");
        File.Move(half, path, overwrite: true);
    }

    private static SortedDictionary<string, LockedModel> Read(string path)
    {
        if (!File.Exists(path)) return new SortedDictionary<string, LockedModel>(StringComparer.Ordinal);
        try
        {
            var read = JsonSerializer.Deserialize<Dictionary<string, LockedModel>>(File.ReadAllText(path), Options) ?? throw new JsonException("null");
            foreach (var (name, model) in read)
            {
                if (model?.Files is null || model.Files.Any(f => f is null || !ModelFiles.IsPlain(f.Name) || f.Size < 0 || f.Sha256 is not { Length: 64 } || !f.Sha256.All(char.IsAsciiHexDigitLower)))
                    throw new JsonException($"the entry of '{name}' is damaged");
            }

            return new SortedDictionary<string, LockedModel>(read, StringComparer.Ordinal);
        }
        catch (JsonException e)
        {
            throw new ForecastException("lock-invalid", $"the lock file '{path}' cannot be read: {e.Message}", "lock", inner: e);
        }
    }
}

/// <summary>One process at a time: whoever holds the file open.</summary>
internal static class FolderGate
{
    /// <exception cref="ForecastException">Another process holds it for more than a minute.</exception>
    /// <exception cref="OperationCanceledException">Given up while waiting.</exception>
    public static FileStream Enter(string path, CancellationToken cancellation = default)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException e) when (tries >= 600)
            {
                throw new ForecastException("pull-busy", $"another process is fetching the same model ('{path}' is held)", inner: e);
            }
            catch (IOException)
            {
                cancellation.WaitHandle.WaitOne(100);
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }
}
