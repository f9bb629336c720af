using Forecast.Core;
using Forecast.Models.Engine;
using Forecast.Models.Weights.Safetensors;
using TorchSharp;

namespace Forecast.Models.Weights;

/// <summary>Weights as tensors: copies, views of the file's own memory, and state dicts filled by name.</summary>
public static class WeightTensors
{
    private const int Part = 1 << 30;
    private const int MostNamed = 5;

    /// <summary>A tensor in main memory with the values, which are copied.</summary>
    /// <exception cref="ForecastException">No tensor holds this type, or the bytes are damaged.</exception>
    public static torch.Tensor ToTensor(this WeightTensor weight)
    {
        var tensor = torch.empty(weight.Shape.AsSpan(), dtype: ScalarTypeOf(weight));
        if (weight.ByteLength <= Part || !weight.IsContiguous)
        {
            if (weight.ByteLength > 0) weight.CopyTo(tensor.bytes);
            return tensor;
        }

        var size = weight.Type.Size();
        using var flat = tensor.view(-1);
        for (var done = 0L; done < weight.ByteLength; done += Part)
        {
            var count = Math.Min(Part, weight.ByteLength - done);
            using var part = flat.narrow(0, done / size, count / size);
            weight.Slice(done, count).CopyTo(part.bytes);
        }

        return tensor;
    }

    /// <summary>
    /// A tensor over the file's own memory where the engine can do that and the values are contiguous and aligned; else a copy.
    /// It outlives the file. Changing it changes this process's view of the file, never the file itself; two views of the same
    /// weights share that memory.
    /// </summary>
    /// <inheritdoc cref="ToTensor"/>
    public static torch.Tensor ToTensorView(this WeightTensor weight) => ToTensorView(weight, TensorEngine.Current);

    /// <summary>Fills the tensors of a state dict with the weights of the same names, across floating-point types and devices.</summary>
    /// <param name="file">Where the weights are.</param>
    /// <param name="state">Tensors by name, such as <c>module.state_dict()</c>; every one must be filled.</param>
    /// <param name="rename">The name in the state dict of a name in the file; null leaves that weight out. Names stay as they are when not given.</param>
    /// <param name="strict">Whether weights that the state dict does not know are an error.</param>
    /// <exception cref="ForecastException">Names, shapes or types do not match; all that do not are told, and nothing was changed.</exception>
    public static void LoadInto(this IWeightFile file, IReadOnlyDictionary<string, torch.Tensor> state, Func<string, string?>? rename = null, bool strict = true)
    {
        var (pairs, unexpected) = Match(file, state, rename);
        var missing = state.Keys.Where(n => !pairs.ContainsKey(n)).ToList();
        var different = pairs.Where(p => Difference(p.Value, state[p.Key]) is not null).Select(p => $"'{p.Key}' ({Difference(p.Value, state[p.Key])})").ToList();
        var faults = new List<string>();
        if (missing.Count > 0) faults.Add($"{missing.Count} missing: {Some(missing.Select(WeightErrors.Quote))}");
        if (strict && unexpected.Count > 0) faults.Add($"{unexpected.Count} unexpected: {Some(unexpected.Select(WeightErrors.Quote))}");
        if (different.Count > 0) faults.Add($"{different.Count} different: {Some(different)}");
        if (faults.Count > 0)
            throw new ForecastException("weights-mismatch", $"{Path.GetFileName(file.Path)} does not hold the weights of this network: {string.Join("; ", faults)}", missing.Concat(unexpected).FirstOrDefault());

        using var still = torch.no_grad();
        foreach (var (name, weight) in pairs)
        {
            using var source = weight.ToTensorView();
            state[name].copy_(source);
        }
    }

    /// <summary>As the other, into the parameters and buffers of a module.</summary>
    /// <inheritdoc cref="LoadInto(IWeightFile, IReadOnlyDictionary{string, torch.Tensor}, Func{string, string?}?, bool)"/>
    public static void LoadInto(this IWeightFile file, torch.nn.Module module, Func<string, string?>? rename = null, bool strict = true) =>
        LoadInto(file, module.state_dict(), rename, strict);

    /// <summary>A tensor to be written to a safetensors file, from whatever device and layout.</summary>
    /// <exception cref="ForecastException">The format has no such type.</exception>
    public static WeightSource ToSource(this torch.Tensor tensor, string name)
    {
        var type = TypeOf(tensor.dtype) ?? throw new ForecastException("weight-type", $"tensor {WeightErrors.Quote(name)} holds {tensor.dtype}, which safetensors files have no name for", name);
        return new WeightSource(name, type, tensor.shape, stream => Write(tensor, stream, type.Size()));
    }

    /// <summary>The type of tensors that hold such weights; null for those that none holds.</summary>
    public static torch.ScalarType? ScalarTypeOf(WeightType type) => type switch
    {
        WeightType.Bool => torch.ScalarType.Bool,
        WeightType.U8 => torch.ScalarType.Byte,
        WeightType.I8 => torch.ScalarType.Int8,
        WeightType.I16 => torch.ScalarType.Int16,
        WeightType.F16 => torch.ScalarType.Float16,
        WeightType.BF16 => torch.ScalarType.BFloat16,
        WeightType.I32 => torch.ScalarType.Int32,
        WeightType.F32 => torch.ScalarType.Float32,
        WeightType.C64 => torch.ScalarType.ComplexFloat32,
        WeightType.F64 => torch.ScalarType.Float64,
        WeightType.I64 => torch.ScalarType.Int64,
        _ => null,
    };

    internal static torch.Tensor ToTensorView(WeightTensor weight, ITensorEngine engine)
    {
        if (!engine.CanView || !weight.IsContiguous || weight.ElementCount == 0) return weight.ToTensor();
        var type = ScalarTypeOf(weight);
        var lease = weight.Hold();
        if (lease.Address % weight.Type.Size() != 0)
        {
            lease.Dispose();
            return weight.ToTensor();
        }

        try
        {
            return engine.View(lease.Address, lease.Length, lease, weight.Shape.AsSpan(), type);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    private static (Dictionary<string, WeightTensor> Pairs, List<string> Unexpected) Match(IWeightFile file, IReadOnlyDictionary<string, torch.Tensor> state, Func<string, string?>? rename)
    {
        var pairs = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        var unexpected = new List<string>();
        foreach (var name in file.Names)
        {
            var target = rename is null ? name : rename(name);
            if (target is null) continue;
            if (!state.ContainsKey(target)) unexpected.Add(name);
            else if (!pairs.TryAdd(target, file[name])) throw new ForecastException("weights-mismatch", $"{Path.GetFileName(file.Path)} has two weights for {WeightErrors.Quote(target)}", target);
        }

        return (pairs, unexpected);
    }

    private static string? Difference(WeightTensor weight, torch.Tensor target)
    {
        if (!weight.Shape.AsSpan().SequenceEqual(target.shape)) return $"shape [{string.Join(", ", weight.Shape)}] where [{string.Join(", ", target.shape)}] is wanted";
        var same = ScalarTypeOf(weight.Type) is { } type && (type == target.dtype || (torch.is_floating_point(type) && torch.is_floating_point(target.dtype)));
        return same ? null : $"type {weight.Type.Name()} where {target.dtype} is wanted";
    }

    private static torch.ScalarType ScalarTypeOf(WeightTensor weight) => ScalarTypeOf(weight.Type)
        ?? throw new ForecastException("weight-type", $"{WeightErrors.Quote(weight.Name)} holds {weight.Type.Name()}, which no tensor can", weight.Name);

    private static WeightType? TypeOf(torch.ScalarType type)
    {
        foreach (var candidate in Enum.GetValues<WeightType>())
        {
            if (ScalarTypeOf(candidate) == type) return candidate;
        }

        return null;
    }

    private static void Write(torch.Tensor tensor, Stream stream, int size)
    {
        using var still = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var flat = tensor.detach().cpu().contiguous().view(-1);
        var total = flat.numel();
        for (var done = 0L; done < total; done += Part / size)
        {
            using var part = flat.narrow(0, done, Math.Min(Part / size, total - done));
            stream.Write(part.bytes);
        }
    }

    private static string Some(IEnumerable<string> names)
    {
        var all = names.ToList();
        var shown = string.Join(", ", all.Take(MostNamed));
        return all.Count > MostNamed ? $"{shown} and {all.Count - MostNamed} more" : shown;
    }
}
