namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module that lets functions look at, and change, what goes into and comes out of its forward pass.</summary>
        public class HookableModule<TPreHook, TPostHook> : Module
        {
            private OrderedDictionary<string, TPreHook>? _preHooks;
            private OrderedDictionary<string, TPostHook>? _postHooks;

            protected HookableModule(string name) : base(name)
            {
            }

            private protected bool HasHooks => _preHooks is not null || _postHooks is not null;

            private protected IEnumerable<TPreHook> PreHooks => _preHooks is null ? [] : _preHooks.Values;

            private protected IEnumerable<TPostHook> PostHooks => _postHooks is null ? [] : _postHooks.Values;

            /// <summary>Adds a function that runs after the forward pass and may put another result in the place of its own.</summary>
            public HookRemover register_forward_hook(TPostHook hook)
            {
                var key = Guid.NewGuid().ToString();
                (_postHooks ??= new(StringComparer.Ordinal)).Add(key, hook);
                return new HookRemover(this, key);
            }

            /// <summary>Adds a function that runs before the forward pass and may put other inputs in the place of the given ones.</summary>
            public HookRemover register_forward_pre_hook(TPreHook hook)
            {
                var key = Guid.NewGuid().ToString();
                (_preHooks ??= new(StringComparer.Ordinal)).Add(key, hook);
                return new HookRemover(this, key);
            }

            private void Remove(string key)
            {
                if (_preHooks?.Remove(key) == true && _preHooks.Count == 0) _preHooks = null;
                if (_postHooks?.Remove(key) == true && _postHooks.Count == 0) _postHooks = null;
            }

            /// <summary>Takes a hook away again.</summary>
            public class HookRemover
            {
                private readonly HookableModule<TPreHook, TPostHook> _module;
                private readonly string _key;

                public HookRemover(HookableModule<TPreHook, TPostHook> module, string key) => (_module, _key) = (module, key);

                public void remove() => _module.Remove(_key);
            }
        }
    }
}
