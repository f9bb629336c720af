using System.Security.Cryptography;
using Forecast.Core;

namespace Forecast.Hosting.Registry;

/// <summary>
/// Parameters of registered models as files named by the SHA-256 of their content, in a folder that several machines may share. A
/// file is written beside its place, flushed and then renamed, so that a name never stands for half a file; the same content is one file.
/// </summary>
public sealed class ArtefactFolder(string root)
{
    private const int HashLength = 64;

    /// <returns>SHA-256 of the content, lower-case hex.</returns>
    public async Task<string> WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        var place = Place(hash);
        if (File.Exists(place)) return hash;
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        var draft = $"{place}.{Guid.NewGuid():N}";
        try
        {
            await using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write))
            {
                await file.WriteAsync(content, cancellation);
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, place, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }

        return hash;
    }

    /// <exception cref="ForecastException"><c>artefact-missing</c>, <c>artefact-corrupt</c>: the content is not what its name says.</exception>
    public async Task<byte[]> ReadAsync(string hash, CancellationToken cancellation)
    {
        var place = Place(hash);
        if (!File.Exists(place)) throw new ForecastException("artefact-missing", $"the parameters {hash} are not in the folder of artefacts; restore them from a backup", "artefact");
        var content = await File.ReadAllBytesAsync(place, cancellation);
        return Convert.ToHexStringLower(SHA256.HashData(content)) == hash
            ? content
            : throw new ForecastException("artefact-corrupt", $"the file of the parameters {hash} holds something else; restore it from a backup", "artefact");
    }

    private string Place(string hash) => hash is { Length: HashLength } && hash.All(char.IsAsciiHexDigitLower)
        ? Path.Combine(root, hash[..2], hash)
        : throw new ForecastException("artefact-missing", $"'{hash}' is no SHA-256", "artefact");
}
