using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Parameters that one call can step together: of one type, on one device, stepped equally often.</summary>
internal sealed class StepPart<TState>(Tensor[] parameters, Tensor[] gradients, TState[] states) : IDisposable
{
    internal Tensor[] Parameters { get; } = parameters;

    internal Tensor[] Gradients { get; } = gradients;

    internal TState[] States { get; } = states;

    /// <summary>One tensor of each state.</summary>
    internal Tensor[] Gather(Func<TState, Tensor?> pick)
    {
        var tensors = new Tensor[States.Length];
        for (var i = 0; i < tensors.Length; i++) tensors[i] = pick(States[i])!;
        return tensors;
    }

    /// <summary>Frees the handles of the gradients; the parameters keep theirs.</summary>
    public void Dispose()
    {
        foreach (var gradient in Gradients) gradient.Dispose();
    }
}

/// <summary>The parameters of a group with their states, and which of them can be stepped together.</summary>
internal sealed class StepBatch<TState> where TState : class
{
    private readonly Parameter[] _parameters;
    private readonly TState[] _states;
    private readonly (ScalarType, DeviceType, int)[] _kinds;
    private readonly bool _alike;

    internal StepBatch(IEnumerable<Parameter> parameters, Func<Parameter, TState> stateOf)
    {
        _parameters = [.. parameters];
        _states = [.. _parameters.Select(stateOf)];
        _kinds = [.. _parameters.Select(p => (p.dtype, p.device_type, p.device_index))];
        _alike = _kinds.Distinct().Count() <= 1;
    }

    /// <summary>Parameters that have a gradient, in as few parts as can be: one as a rule.</summary>
    /// <param name="steps">How often a parameter was stepped.</param>
    internal IReadOnlyList<StepPart<TState>> WithGradients(Func<TState, long> steps)
    {
        var gradients = new Tensor[_parameters.Length];
        var all = true;
        for (var i = 0; i < gradients.Length; i++)
        {
            gradients[i] = _parameters[i].grad!;
            all &= gradients[i] is not null && steps(_states[i]) == steps(_states[0]);
        }
        if (all && _alike && gradients.Length > 0) return [new(_parameters, gradients, _states)];
        return
        [
            .. Enumerable.Range(0, gradients.Length)
                .Where(i => gradients[i] is not null)
                .GroupBy(i => (_kinds[i], steps(_states[i])))
                .Select(g => new StepPart<TState>([.. g.Select(i => _parameters[i])], [.. g.Select(i => gradients[i])], [.. g.Select(i => _states[i])])),
        ];
    }
}
